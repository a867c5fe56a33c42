//! Writes the vocabularies that `src/tokens/vocabulary.rs` embeds: the tokens of each encoding in the order of their ranks.
//!
//! They come from the crate `tiktoken`, which carries them compressed and pins them by its version. That crate itself is not linked:
//! it takes 50 ms and 24 MB to get ready, which a repository of a thousand files would notice.

#![allow(
    clippy::disallowed_methods,
    reason = "a build script reads its environment and writes files"
)]

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = env::var_os("OUT_DIR").ok_or("no OUT_DIR")?;
    for name in ["o200k_base", "cl100k_base"] {
        write(Path::new(&folder), name)?;
    }
    Ok(())
}

/// Each token is one byte for its length and then its bytes.
fn write(folder: &Path, name: &str) -> Result<(), Box<dyn Error>> {
    let encoding = tiktoken::get_encoding(name).ok_or("an encoding that tiktoken lacks")?;
    let mut tokens = Vec::new();
    for rank in 0..u32::try_from(encoding.vocab_size())? {
        let token = encoding.decode(&[rank]);
        if token.is_empty() {
            return Err(format!("{name} has no token of rank {rank}").into());
        }
        tokens.push(u8::try_from(token.len())?);
        tokens.extend(token);
    }
    fs::write(folder.join(format!("{name}.tokens")), tokens)?;
    Ok(())
}
