//! What kind of file a path names: decided once, for all rules.

/// A path and what follows from it.
#[derive(Debug)]
pub(super) struct File<'p> {
    pub(super) path: &'p str,
    /// The path in lower case (ASCII).
    pub(super) lower: String,
    pub(super) language: Language,
}

/// How a file is read. One that no rule knows is [`Language::Other`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// `//` and `/* */` comments.
    C,
    Rust,
    JavaScript,
    /// Code with markup in it, whose text is no code.
    Mixed,
    Python,
    /// `#` comments: Ruby, Perl, R, Julia, Elixir.
    Hash,
    Shell,
    PowerShell,
    Batch,
    Docker,
    Make,
    /// Code whose comments and strings are not told apart here.
    Code,
    Yaml,
    Json,
    Markdown,
    /// Running text that is not Markdown.
    Prose,
    Other,
}

impl<'p> File<'p> {
    pub(super) fn new(path: &'p str, bytes: &[u8]) -> Self {
        let lower = path.to_ascii_lowercase();
        let language = language(&lower, bytes);
        Self {
            path,
            lower,
            language,
        }
    }

    /// Last part of the path, in lower case.
    pub(super) fn name(&self) -> &str {
        self.lower.rsplit('/').next().unwrap_or_default()
    }

    /// Last part of the name, in lower case.
    pub(super) fn extension(&self) -> &str {
        self.name()
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension)
    }

    /// Whether the path is `place`, from the root or below a folder.
    pub(super) fn is(&self, place: &str) -> bool {
        self.lower
            .strip_suffix(place)
            .is_some_and(|before| before.is_empty() || before.ends_with('/'))
    }

    /// Whether one of the folders of the path is in `names`.
    pub(super) fn has_folder(&self, names: &[&str]) -> bool {
        let mut parts = self.lower.rsplit('/').skip(1);
        parts.any(|part| names.contains(&part))
    }

    /// Whether `folder` (one or more parts, without `/` at the ends) is on the path.
    pub(super) fn is_below(&self, folder: &str) -> bool {
        let mut starts = self.lower.match_indices(folder);
        starts.any(|(at, _)| {
            (at == 0 || self.lower.as_bytes()[at - 1] == b'/')
                && self.lower.as_bytes().get(at + folder.len()) == Some(&b'/')
        })
    }

    pub(super) fn is_workflow(&self) -> bool {
        self.language == Language::Yaml
            && (self.is_below(".github/workflows")
                || matches!(
                    self.name(),
                    "action.yml"
                        | "action.yaml"
                        | ".gitlab-ci.yml"
                        | ".travis.yml"
                        | "appveyor.yml"
                        | "azure-pipelines.yml"
                        | "bitbucket-pipelines.yml"
                        | "cloudbuild.yaml"
                )
                || self.is_below(".circleci"))
    }

    /// What an agent reads as its instructions, by the names that agents look for.
    pub(super) fn instructs_agents(&self) -> bool {
        let names = [
            "agents.md",
            "agents.override.md",
            "claude.md",
            "claude.local.md",
            "gemini.md",
            "skill.md",
            ".cursorrules",
            ".windsurfrules",
            ".clinerules",
            ".github/copilot-instructions.md",
        ];
        let folders = [
            ".claude",
            ".cursor/rules",
            ".github/instructions",
            ".github/prompts",
            ".github/agents",
            ".github/chatmodes",
            ".windsurf/rules",
            ".clinerules",
            ".gemini/commands",
        ];
        let name = self.name();
        names.iter().any(|place| self.is(place))
            || name.ends_with(".prompt.md")
            || name.ends_with(".instructions.md")
            || self.extension() == "mdc"
            || matches!(self.language, Language::Markdown | Language::Prose)
                && (folders.iter().any(|folder| self.is_below(folder))
                    || self.has_folder(&["prompts"]))
    }

    /// Material about attacks: nobody runs it from there.
    pub(super) fn is_specimen(&self) -> bool {
        self.has_folder(&[
            "testdata",
            "test-data",
            "test_data",
            "fixtures",
            "__fixtures__",
            "corpus",
            "exploits",
            "malware",
            "payloads",
        ])
    }
}

/// `path` in lower case.
fn language(path: &str, bytes: &[u8]) -> Language {
    let name = path.rsplit('/').next().unwrap_or_default();
    match name {
        "dockerfile" | "containerfile" => return Language::Docker,
        "makefile" | "gnumakefile" | "kbuild" => return Language::Make,
        ".bashrc" | ".bash_profile" | ".profile" | ".zshrc" | ".envrc" => return Language::Shell,
        ".cursorrules" | ".windsurfrules" | ".clinerules" => return Language::Prose,
        _ if name.starts_with("dockerfile.") => return Language::Docker,
        _ => {}
    }
    let Some((_, extension)) = name.rsplit_once('.') else {
        return interpreter(bytes);
    };
    match extension {
        "c" | "h" | "cc" | "cpp" | "cxx" | "hh" | "hpp" | "hxx" | "m" | "mm" | "cs" | "java"
        | "kt" | "kts" | "scala" | "swift" | "go" | "dart" | "groovy" | "gradle" | "proto"
        | "sol" | "zig" => Language::C,
        "rs" => Language::Rust,
        "js" | "mjs" | "cjs" | "ts" | "mts" | "cts" => Language::JavaScript,
        "jsx" | "tsx" | "php" | "phtml" => Language::Mixed,
        "py" | "pyi" | "pyw" | "pyx" | "bzl" => Language::Python,
        "rb" | "pl" | "pm" | "r" | "jl" | "ex" | "exs" | "nim" | "cr" | "tcl" => Language::Hash,
        "sh" | "bash" | "zsh" | "ksh" | "fish" | "bats" | "command" => Language::Shell,
        "ps1" | "psm1" => Language::PowerShell,
        "bat" | "cmd" => Language::Batch,
        "dockerfile" => Language::Docker,
        "mk" | "mak" => Language::Make,
        "lua" | "sql" | "hs" | "elm" | "ml" | "mli" | "clj" | "el" | "lisp" | "vb" | "vbs"
        | "fs" | "erl" | "ada" | "adb" | "pas" | "f90" | "s" | "asm" => Language::Code,
        "yml" | "yaml" => Language::Yaml,
        "json" | "jsonc" | "json5" => Language::Json,
        "md" | "markdown" | "mdown" | "mdwn" | "mkd" | "mkdn" | "mkdown" | "mdx" | "mdc" => {
            Language::Markdown
        }
        "txt" | "rst" | "adoc" | "asciidoc" => Language::Prose,
        _ => Language::Other,
    }
}

/// A file without an extension says in its first line what runs it.
fn interpreter(bytes: &[u8]) -> Language {
    if !bytes.starts_with(b"#!") {
        return Language::Other;
    }
    let line = &bytes[..bytes.len().min(128)];
    let line = line.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let has = |name: &[u8]| memchr::memmem::find(line, name).is_some();
    if has(b"python") {
        Language::Python
    } else if has(b"node") || has(b"bun") || has(b"deno") {
        Language::JavaScript
    } else if has(b"sh") {
        Language::Shell
    } else if has(b"perl") || has(b"ruby") {
        Language::Hash
    } else {
        Language::Other
    }
}
