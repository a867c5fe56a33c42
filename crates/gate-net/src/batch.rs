use crate::address::Exceptions;
use crate::cache::Cache;
use crate::client::Client;
use crate::hosts::Hosts;
use crate::outcome::{Checked, NetError, Outcome};
use crate::probe::{Shared, host, probe};
use crate::settings::Settings;
use crate::target;
use reqwest::Url;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

/// A deadline beyond this is as good as none, and far from any overflow.
const MAX_DEADLINE: Duration = Duration::from_hours(24);

/// Whether each of `urls` leads somewhere. Blocks until all are known or [`Settings::deadline`] is reached.
///
/// Only `http` and `https` are requested; of URLs that differ in their fragment only, one is. What cannot be
/// requested or does not answer is an outcome; an error means that nothing could be checked.
pub fn check(urls: &[String], settings: &Settings) -> Result<Checked, NetError> {
    let exceptions = Arc::new(Exceptions::new(&settings.private_hosts));
    let asked: BTreeMap<&str, _> = urls
        .iter()
        .map(|url| (url.as_str(), target::parse(url, &exceptions)))
        .collect();
    let mut notices = Vec::new();
    let mut cache = settings.cache.as_deref().map(|path| {
        let (cache, notice) = Cache::read(path, settings.now, settings.cache_ttl);
        notices.extend(notice);
        cache
    });
    let mut known: BTreeMap<Url, Outcome> = BTreeMap::new();
    let mut from_cache = 0;
    let mut wanted = BTreeSet::new();
    for resource in asked.values().flatten().map(target::resource) {
        match cache
            .as_ref()
            .and_then(|cache| cache.alive(resource.as_str()))
        {
            Some(outcome) => {
                from_cache += usize::from(known.insert(resource, outcome).is_none());
            }
            None => {
                wanted.insert(resource);
            }
        }
    }
    if !wanted.is_empty() {
        let found = request(wanted.into_iter().collect(), settings, exceptions)?;
        if let Some(cache) = &mut cache {
            for (url, outcome) in &found {
                cache.learn(url.as_str(), outcome);
            }
            notices.extend(cache.write());
        }
        known.extend(found);
    }
    let outcomes = asked
        .into_iter()
        .map(|(asked, url)| {
            let outcome = match url {
                Ok(url) => with_fragment(known.get(&target::resource(&url)), &url),
                Err(refusal) => Outcome::unknown(None, refusal.to_string()),
            };
            (asked.to_owned(), outcome)
        })
        .collect();
    Ok(Checked {
        outcomes,
        from_cache,
        notices,
    })
}

/// The outcome of a resource for one of the links to it: where it moved, the link's fragment moves along.
fn with_fragment(outcome: Option<&Outcome>, link: &Url) -> Outcome {
    match outcome {
        Some(Outcome::Alive {
            status,
            redirected_to: Some(moved),
        }) => Outcome::Alive {
            status: *status,
            redirected_to: Some(match link.fragment() {
                Some(fragment) if !moved.contains('#') => format!("{moved}#{fragment}"),
                _ => moved.clone(),
            }),
        },
        Some(outcome) => outcome.clone(),
        None => Outcome::unknown(None, "not checked: an internal fault"),
    }
}

/// Requests all of `resources` on a runtime of its own.
fn request(
    resources: Vec<Url>,
    settings: &Settings,
    exceptions: Arc<Exceptions>,
) -> Result<BTreeMap<Url, Outcome>, NetError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // They resolve names.
        .max_blocking_threads(settings.in_flight.clamp(1, 64))
        .build()
        .map_err(|error| NetError::Client {
            what: error.to_string(),
        })?;
    let found = runtime.block_on(async {
        let begun = Instant::now();
        let deadline = begun + settings.deadline.min(MAX_DEADLINE);
        let shared = Shared {
            client: Client::new(settings, Arc::clone(&exceptions))?,
            hosts: Hosts::new(settings.per_host, settings.pause, deadline),
            exceptions,
            begun,
            deadline,
            max_redirects: settings.max_redirects,
            retries: settings.retries,
            backoff: settings.backoff,
            now: settings.now,
        };
        Ok(all(resources, settings, Arc::new(shared)).await)
    });
    // The system's resolver cannot be interrupted; nobody waits for it.
    runtime.shutdown_background();
    found
}

/// Hosts take turns, so that many links to a slow one do not keep the others waiting.
async fn all(
    resources: Vec<Url>,
    settings: &Settings,
    shared: Arc<Shared>,
) -> BTreeMap<Url, Outcome> {
    let late = format!(
        "not checked: the time for all links, {} s, was up",
        settings.deadline.min(MAX_DEADLINE).as_secs()
    );
    let mut outcomes: BTreeMap<Url, Outcome> = resources
        .iter()
        .map(|url| (url.clone(), Outcome::silent(late.clone())))
        .collect();
    let mut waiting: BTreeMap<String, VecDeque<Url>> = BTreeMap::new();
    for url in resources {
        waiting
            .entry(host(&url).to_owned())
            .or_default()
            .push_back(url);
    }
    // A host stands in the line once for each link that may be begun now.
    let mut line: VecDeque<String> = VecDeque::new();
    for round in 0..settings.per_host.max(1) {
        let before = line.len();
        line.extend(
            waiting
                .iter()
                .filter(|(_, urls)| urls.len() > round)
                .map(|(host, _)| host.clone()),
        );
        if line.len() == before {
            break;
        }
    }
    let mut running = JoinSet::new();
    loop {
        while running.len() < settings.in_flight.max(1) {
            let Some(host) = line.pop_front() else { break };
            let Some(url) = waiting.get_mut(&host).and_then(VecDeque::pop_front) else {
                continue;
            };
            let shared = Arc::clone(&shared);
            running.spawn(async move { (host, probe(&shared, url.clone()).await, url) });
        }
        match timeout_at(shared.deadline, running.join_next()).await {
            Ok(Some(Ok((host, outcome, url)))) => {
                outcomes.insert(url, outcome);
                line.push_back(host);
            }
            // A task that panicked: its link stays unknown.
            Ok(Some(Err(_))) => {}
            Ok(None) | Err(_) => break,
        }
    }
    outcomes
}
