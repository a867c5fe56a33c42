//! Addresses of other hosts, asked where the policy wants it.

use crate::collect::Facts;
use crate::evaluate::{Address, Evaluated};
use crate::issue::{self, Issue};
use crate::world::World;
use gate_runner::{Answer, Asked, Inputs, Missing, counted};
use gate_verdict::Code;
use std::collections::{BTreeMap, BTreeSet};

/// Asks the other hosts where the policy wants it. What was not asked is never
/// fine: the criterion cannot be judged then.
pub(crate) fn outside(
    inputs: &Inputs<'_>,
    world: &World<'_>,
    head: &mut Evaluated<'_>,
    facts: &mut Facts,
) -> Vec<String> {
    if head.addresses.is_empty() {
        return Vec::new();
    }
    let allowed = &world.config.external_allow;
    let is_allowed = |address: &&Address| {
        allowed.is_empty() || host(&address.url).is_some_and(|host| allowed.contains(&host))
    };
    let addresses: Vec<&Address> = head.addresses.iter().filter(is_allowed).collect();
    let urls: BTreeSet<String> = addresses
        .iter()
        .map(|address| address.url.clone())
        .collect();
    let urls: Vec<String> = urls.into_iter().collect();
    if urls.is_empty() {
        return Vec::new();
    }
    let (answers, mut notices) = match inputs.ask(&urls) {
        Asked::Not(why) => {
            let missing = Missing::new(
                Code::EvidenceInsufficient,
                format!("{} not checked: {why}", counted(urls.len(), "address")),
                "run it where the hosts can be asked, or set `external_links: ignore`",
            );
            facts.gaps.insert("no_broken_links", missing);
            return Vec::new();
        }
        Asked::Answers { answers, notices } => (answers, notices),
    };
    let mut unknown = BTreeSet::new();
    let mut dead = Vec::new();
    for address in addresses {
        match answers.get(&address.url) {
            Some(Answer::Alive) => {}
            Some(Answer::Dead(reason)) => {
                let path = world.pages[address.page].path;
                let message = format!("`{}` leads nowhere: {reason}", address.written);
                dead.push(
                    Issue::of_file("dead_link", path, &address.written, message).at(
                        address.line,
                        address.column,
                        Some(address.end_column),
                    ),
                );
            }
            Some(Answer::Unknown { reason, .. } | Answer::Silent(reason)) => {
                unknown.insert((reason.as_str(), address.url.as_str()));
            }
            None => {
                unknown.insert(("it was not asked", address.url.as_str()));
            }
        }
    }
    if let Some(gap) = silence(&answers) {
        facts.gaps.insert("no_broken_links", gap);
    }
    head.counts.asked = urls.len() as u64;
    head.counts.unanswered = unknown.len() as u64;
    notices.extend(
        unknown
            .iter()
            .take(20)
            .map(|(reason, url)| format!("not checked: {url}: {reason}")),
    );
    issue::number(&mut dead);
    head.issues.extend(dead);
    head.issues.sort_by(issue::by_place);
    notices
}

/// Where not one host says anything, it is the asker that is cut off.
fn silence(answers: &BTreeMap<String, Answer>) -> Option<Missing> {
    let silent = |answer: &&Answer| matches!(answer, Answer::Silent(_));
    let speaks = |answer: &Answer| match answer {
        Answer::Alive | Answer::Dead(_) => true,
        Answer::Unknown { answered, .. } => *answered,
        Answer::Silent(_) => false,
    };
    let (url, Answer::Silent(reason)) = answers.iter().find(|(_, answer)| silent(answer))? else {
        return None;
    };
    let all = answers.values().filter(silent).count();
    (!answers.values().any(speaks)).then(|| {
        Missing::new(
            Code::EvidenceInsufficient,
            format!(
                "no host answered, though {} asked: {url}: {reason}",
                counted(all, "address")
            ),
            "see that other hosts can be reached from here, name those that can in `external_allow`, or set `external_links: ignore`",
        )
    })
}

/// The host of an address, in lower case.
fn host(url: &str) -> Option<String> {
    // A bare `www.example.org` has no scheme.
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit('@').next()?.split(':').next()?;
    Some(host.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_all_around_is_no_answer() {
        let gap = |answers: &[Answer]| {
            let numbered = answers.iter().enumerate();
            let named =
                numbered.map(|(at, answer)| (format!("https://{at}.example/"), answer.clone()));
            silence(&named.collect())
        };
        let silent = || Answer::Silent(String::from("no answer in time"));
        let unknown = |answered| Answer::Unknown {
            answered,
            reason: String::from("for a reason"),
        };
        let told = gap(&[silent(), unknown(false)]).expect("a gap").reason;
        assert!(told.contains("no answer in time"), "{told}");
        let dead = Answer::Dead(String::from("answered 404"));
        for spoke in [Answer::Alive, dead, unknown(true)] {
            assert!(gap(&[silent(), spoke.clone()]).is_none(), "{spoke:?}");
        }
        assert!(gap(&[unknown(true)]).is_none() && gap(&[unknown(false)]).is_none());
        assert!(gap(&[]).is_none());
    }
}
