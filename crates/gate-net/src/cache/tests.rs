use super::*;

const DAY: Duration = Duration::from_hours(24);
const NOW: i64 = 1_000_000;
const PAGE: &str = "https://a.org/";

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// The cache of a file that says this.
fn reading(text: &[u8]) -> (Cache, Option<String>) {
    let folder = folder();
    let path = folder.path().join("links.json");
    fs::write(&path, text).unwrap();
    Cache::read(&path, NOW, DAY)
}

fn alive(redirected_to: Option<&str>) -> Outcome {
    Outcome::Alive {
        status: 200,
        redirected_to: redirected_to.map(str::to_owned),
    }
}

fn entry(checked: i64, url: &str) -> String {
    format!(r#"{{"version":1,"entries":{{"{url}":{{"checked":{checked},"status":200}}}}}}"#)
}

#[test]
fn what_was_alive_is_remembered_and_nothing_else() {
    let folder = folder();
    let path = folder.path().join("deep/er/links.json");
    let (mut cache, notice) = Cache::read(&path, NOW, DAY);
    assert_eq!(notice, None, "no file yet");
    cache.learn(PAGE, &alive(Some("https://b.org/")));
    cache.learn("https://dead.org/", &Outcome::dead(404, "answered 404"));
    cache.learn("https://x.org/", &Outcome::unknown(None, "?"));
    assert_eq!(cache.write(), None);
    let (cache, notice) = Cache::read(&path, NOW + 60, DAY);
    assert_eq!(notice, None);
    assert_eq!(cache.alive(PAGE), Some(alive(Some("https://b.org/"))));
    assert_eq!(cache.alive("https://dead.org/"), None);
    assert_eq!(cache.alive("https://x.org/"), None);
    let left = fs::read_dir(path.parent().unwrap()).unwrap().count();
    assert_eq!(left, 1, "no temporary file stays");
}

#[test]
fn entries_live_as_long_as_they_should() {
    let day = i64::try_from(DAY.as_secs()).unwrap();
    for (checked, known) in [
        (NOW, true),
        (NOW - day + 1, true),
        (NOW - day, false),
        (NOW + 1, false),
        (i64::MIN, false),
        (i64::MAX, false),
    ] {
        let (cache, notice) = reading(entry(checked, PAGE).as_bytes());
        assert_eq!(cache.alive(PAGE).is_some(), known, "{checked}");
        assert_eq!(notice, None);
    }
}

#[test]
fn a_damaged_cache_is_said_and_not_used() {
    let whole = entry(NOW, PAGE);
    for (text, says) in [
        (&b""[..], "damaged"),
        (&whole.as_bytes()[..whole.len() - 1], "damaged"),
        (b"\xff\xfe", "damaged"),
        (b"[]", "damaged"),
        (&b"[".repeat(100_000)[..], "damaged"),
        (br#"{"version":2,"entries":{}}"#, "version 2"),
    ] {
        let (cache, notice) = reading(text);
        assert_eq!(cache.alive(PAGE), None);
        let notice = notice.unwrap();
        assert!(
            notice.contains(says) && notice.contains("links.json"),
            "{notice}"
        );
    }
    let folder = folder();
    let (_, notice) = Cache::read(folder.path(), NOW, DAY);
    assert!(notice.unwrap().contains("not a file"));
}

#[test]
fn a_damaged_cache_is_replaced_by_what_is_learnt() {
    let folder = folder();
    let path = folder.path().join("links.json");
    fs::write(&path, "{").unwrap();
    let (mut cache, _) = Cache::read(&path, NOW, DAY);
    assert_eq!(cache.write(), None);
    assert_eq!(
        fs::read(&path).unwrap(),
        b"{",
        "nothing new, nothing written"
    );
    cache.learn(PAGE, &alive(None));
    assert_eq!(cache.write(), None);
    assert_eq!(
        Cache::read(&path, NOW, DAY).0.alive(PAGE),
        Some(alive(None))
    );
}

#[test]
fn entries_that_cannot_be_ours_are_dropped() {
    let secret = ["hunter", "2"].concat();
    let with_credentials = format!("https://bob:{secret}@a.org/");
    for url in [
        &with_credentials,
        "ftp://a.org/",
        "https://a.org/#b",
        "nonsense",
    ] {
        let (cache, _) = reading(entry(NOW, url).as_bytes());
        assert_eq!(cache.entries.len(), 0, "{url}");
    }
    for rest in [
        r#""status":404"#.to_owned(),
        format!(r#""status":200,"redirected_to":"{with_credentials}""#),
        r#""status":200,"redirected_to":"javascript:0""#.to_owned(),
    ] {
        let text = format!(r#"{{"version":1,"entries":{{"{PAGE}":{{"checked":{NOW},{rest}}}}}}}"#);
        let (cache, notice) = reading(text.as_bytes());
        assert_eq!(notice, None);
        assert_eq!(cache.entries.len(), 0, "{rest}");
    }
}

#[test]
fn the_file_stays_small_and_keeps_the_newest() {
    let at = |checked: i64, filler: usize| Entry {
        checked,
        status: 200,
        redirected_to: Some("x".repeat(filler)),
    };
    let many: BTreeMap<_, _> = (0..MAX_ENTRIES + 5)
        .map(|n| (n.to_string(), at(i64::try_from(n).unwrap(), 0)))
        .collect();
    let kept = newest(&many);
    assert_eq!(kept.len(), MAX_ENTRIES);
    assert!(!kept.contains_key("4") && kept.contains_key("5"));
    let half = MAX_URL_BYTES / 2;
    let long = BTreeMap::from([1, 2, 3].map(|n| (n.to_string(), at(n, half - 1))));
    assert_eq!(newest(&long).into_keys().collect::<Vec<_>>(), ["2", "3"]);
}

#[test]
fn a_cache_that_cannot_be_written_is_said() {
    let folder = folder();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let (mut cache, _) = Cache::read(&file.join("links.json"), NOW, DAY);
    cache.learn(PAGE, &alive(None));
    assert!(cache.write().unwrap().contains("was not written"));
}
