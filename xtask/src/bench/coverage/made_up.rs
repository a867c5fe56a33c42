//! Reports that are made up, and the repository they are about.

use crate::bench::corpus::{Words, commit};
use anyhow::{Context as _, Result};
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;

pub(super) const SHARDS: usize = 4;
pub(super) const FILES: usize = 4_000;
pub(super) const LINES: usize = 390;
pub(super) const FUNCTIONS: usize = 20;
/// What a `JaCoCo` report of 4 MB has.
pub(super) const CLASSES: usize = 800;
/// How often the classes of the large Cobertura report are written: 1 GB.
pub(super) const REPEATS: usize = 90;

const POLICY: &str = "\
version: 1
gates:
  coverage:
    reports: [\"shards/*.info\"]
    criteria: {line_coverage: \">= 10%\", branch_coverage: \">= 10%\", function_coverage: \">= 10%\"}
  coverage-cobertura:
    kind: coverage
    reports: [cobertura.xml]
    criteria: {line_coverage: \">= 10%\", branch_coverage: \">= 10%\"}
";

const JAVA_POLICY: &str = "\
version: 1
gates:
  coverage:
    reports: [jacoco.xml]
    criteria: {line_coverage: \">= 10%\", branch_coverage: \">= 10%\", function_coverage: \">= 10%\"}
";

/// A repository of one `JaCoCo` report, which lies in it; gives the size of the report.
pub(super) fn lay_out_java(root: &Path) -> Result<usize> {
    repository(root, JAVA_POLICY, (0..CLASSES).map(java))?;
    jacoco(&root.join("jacoco.xml"))
}

fn repository(root: &Path, policy: &str, sources: impl Iterator<Item = String>) -> Result<()> {
    fs::create_dir_all(root.join(".github"))?;
    fs::write(root.join(".github/gates.yml"), policy)?;
    fs::write(root.join(".gitignore"), "/shards\n/out\n/*.xml\n/*.info\n")?;
    for source in sources {
        let path = root.join(&source);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, format!("// {source}\n"))?;
    }
    commit(root)
}

/// A repository and the shards in it; gives the size of the shards.
pub(super) fn lay_out(root: &Path) -> Result<usize> {
    let mut words = Words::start();
    repository(root, POLICY, (0..FILES).map(source))?;
    fs::create_dir_all(root.join("shards"))?;
    let mut bytes = 0;
    for shard in 0..SHARDS {
        let path = root.join(format!("shards/shard-{shard}.info"));
        let mut out = writer(&path)?;
        for file in 0..FILES {
            section(&mut out, file, &mut words)?;
        }
        bytes += size(&path, out)?;
    }
    Ok(bytes)
}

fn source(file: usize) -> String {
    format!("src/module-{:02}/file-{file:05}.c", file % 97)
}

fn java(class: usize) -> String {
    format!(
        "app/src/main/java/com/example/part{}/Class{class}.java",
        class % 40
    )
}

fn writer(path: &Path) -> Result<BufWriter<File>> {
    let file = File::create(path).with_context(|| path.display().to_string())?;
    Ok(BufWriter::new(file))
}

fn size(path: &Path, mut out: BufWriter<File>) -> Result<usize> {
    out.flush()?;
    Ok(usize::try_from(fs::metadata(path)?.len())?)
}

/// One file of a shard: the same lines, branches and functions in each, with
/// other hits.
fn section(out: &mut impl std::io::Write, file: usize, words: &mut Words) -> Result<()> {
    const HITS: [u32; 6] = [0, 0, 1, 3, 17, 2201];
    let line = |index: usize| index * 7 / 3 + 1;
    let mut hits = |most: usize| HITS[words.below(most)];
    writeln!(out, "TN:\nSF:{}", source(file))?;
    for function in 0..FUNCTIONS {
        writeln!(out, "FN:{},function_{file}_{function}", line(function * 19))?;
    }
    for function in 0..FUNCTIONS {
        writeln!(out, "FNDA:{},function_{file}_{function}", hits(6))?;
    }
    writeln!(out, "FNF:{FUNCTIONS}\nFNH:{FUNCTIONS}")?;
    for branch in (0..LINES).step_by(13) {
        writeln!(
            out,
            "BRDA:{},0,0,{}\nBRDA:{},0,1,-",
            line(branch),
            hits(4),
            line(branch)
        )?;
    }
    writeln!(out, "BRF:60\nBRH:60")?;
    for index in 0..LINES {
        writeln!(out, "DA:{},{}", line(index), hits(6))?;
    }
    writeln!(out, "LF:{LINES}\nLH:{LINES}\nend_of_record")?;
    Ok(())
}

fn jacoco(path: &Path) -> Result<usize> {
    let mut out = writer(path)?;
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><!DOCTYPE report PUBLIC \"-//JACOCO//DTD Report 1.1//EN\" \"report.dtd\"><report name=\"made up\">")?;
    for class in 0..CLASSES {
        let part = class % 40;
        write!(
            out,
            "<package name=\"com/example/part{part}\"><class name=\"com/example/part{part}/Class{class}\" sourcefilename=\"Class{class}.java\">"
        )?;
        for method in 0..10 {
            write!(
                out,
                "<method name=\"method{method}\" desc=\"(Ljava/lang/String;I)V\" line=\"{}\"><counter type=\"INSTRUCTION\" missed=\"0\" covered=\"9\"/><counter type=\"LINE\" missed=\"0\" covered=\"3\"/><counter type=\"METHOD\" missed=\"0\" covered=\"1\"/></method>",
                method * 8 + 3
            )?;
        }
        write!(out, "</class><sourcefile name=\"Class{class}.java\">")?;
        for line in 0..60 {
            write!(
                out,
                "<line nr=\"{}\" mi=\"{}\" ci=\"{}\" mb=\"0\" cb=\"{}\"/>",
                line + 3,
                line % 3,
                line % 4,
                if line % 9 == 0 { 2 } else { 0 }
            )?;
        }
        out.write_all(
            b"<counter type=\"LINE\" missed=\"20\" covered=\"40\"/></sourcefile></package>",
        )?;
    }
    out.write_all(b"</report>\n")?;
    size(path, out)
}

pub(super) fn cobertura(path: &Path) -> Result<usize> {
    let mut out = writer(path)?;
    out.write_all(b"<?xml version=\"1.0\" ?>\n<coverage version=\"7\" timestamp=\"0\"><sources><source>.</source></sources><packages>\n")?;
    for _ in 0..REPEATS {
        for file in 0..FILES {
            let path = source(file);
            writeln!(
                out,
                "<package name=\"p\"><classes><class name=\"{path}\" filename=\"{path}\"><methods/><lines>"
            )?;
            for line in 0..80 {
                let hits = line % 5;
                if line % 10 == 0 {
                    writeln!(
                        out,
                        "<line number=\"{}\" hits=\"{hits}\" branch=\"true\" condition-coverage=\"50% (1/2)\"/>",
                        line + 1
                    )?;
                } else {
                    writeln!(out, "<line number=\"{}\" hits=\"{hits}\"/>", line + 1)?;
                }
            }
            out.write_all(b"</lines></class></classes></package>\n")?;
        }
    }
    out.write_all(b"</packages></coverage>\n")?;
    size(path, out)
}
