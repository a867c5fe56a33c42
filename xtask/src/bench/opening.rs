//! How long a browser takes to open a report, by its own clock.

use anyhow::{Context as _, Result};
use std::path::Path;
use std::process::{Command, Stdio};

const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A page that opens the report and says in its title after how many milliseconds all of it was laid out, and how high
/// it is.
const PAGE: &str = r#"<!doctype html><meta charset="utf-8"><title>-</title>
<script>
const begin = performance.now();
function opened(frame) {
  const page = frame.contentDocument;
  page.body.getBoundingClientRect();
  document.title = "opened " + (performance.now() - begin).toFixed(1) + " " + page.body.scrollHeight;
}
</script>
<iframe src="report.html" width="1280" height="800" onload="opened(this)"></iframe>
"#;

/// The browser, and the median of what it needed in milliseconds.
#[derive(Debug)]
pub(super) struct Opening {
    pub browser: String,
    pub milliseconds: f64,
}

/// Opens `report.html` in `folder`; `None` where there is no browser.
pub(super) fn measure(folder: &Path, runs: usize) -> Result<Option<Opening>> {
    let Some((program, browser)) = BROWSERS
        .iter()
        .find_map(|name| Some((*name, version(name)?)))
    else {
        return Ok(None);
    };
    let page = folder.join("opening.html");
    std::fs::write(&page, PAGE)?;
    let mut times = Vec::with_capacity(runs);
    for _ in 0..runs {
        times.push(open(program, &page)?);
    }
    times.sort_by(f64::total_cmp);
    Ok(Some(Opening {
        browser,
        milliseconds: times[runs / 2],
    }))
}

fn version(program: &str) -> Option<String> {
    let said = Command::new(program).arg("--version").output().ok()?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    said.lines().next().map(|line| line.trim().to_owned())
}

fn open(program: &str, page: &Path) -> Result<f64> {
    // The sandbox of the browser needs rights that containers do not have; the page is our own.
    let flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--allow-file-access-from-files",
        "--dump-dom",
    ];
    let output = Command::new(program)
        .args(flags)
        .arg(format!("file://{}", page.display()))
        .stderr(Stdio::null())
        .output()
        .with_context(|| format!("{program} does not start"))?;
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    told(&dom).with_context(|| format!("{program} did not say that it opened the report"))
}

/// The milliseconds of the title; a page without height was not laid out.
fn told(dom: &str) -> Option<f64> {
    let (_, rest) = dom.split_once("<title>opened ")?;
    let (title, _) = rest.split_once("</title>")?;
    let (milliseconds, height) = title.split_once(' ')?;
    (height.parse::<u32>().ok()? > 0).then(|| milliseconds.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn only_a_page_with_height_was_opened() {
        assert_eq!(told("<title>opened 129.7 2154</title>"), Some(129.7));
        assert_eq!(told("<title>opened 1.0 0</title>"), None);
        assert_eq!(told("<title>-</title>"), None);
    }
}
