//! The policy in force: the work tree's, or the base revision's united with it
//! where the base is explicit (contract, section 8).

use crate::base::Base;
use crate::policy_sources::{
    Elsewhere, File, InRepository, Remote, below_root, from_revision, from_work_tree, no_links,
    same,
};
use crate::session::{Failure, Session};
use gate_policy::{Catalogue, Check, Loosening, Policy, PolicyError, Selected, Source};
use gate_repo::Repo;
use gate_verdict::{Code, Enforcement, PolicyRef};
use std::path::Path;

/// The default place of the policy.
pub const DEFAULT_CONFIG: &str = ".github/gates.yml";

/// The policy in force and how it came to be.
#[derive(Debug)]
pub struct InForce {
    pub policy: Policy,
    pub reference: PolicyRef,
    /// How the head's policy is looser than the base's.
    pub loosened: Vec<Loosening>,
    /// Why the base's policy could not be used, and how much that weighs.
    pub doubt: Option<Doubt>,
    /// What was noticed beside what the policy's own notices say.
    pub notices: Vec<String>,
}

impl InForce {
    /// What a reader should be told: about one gate, or with `None` about all
    /// of the policy, as far as it concerns the environment in force.
    pub fn notices(&self, selected: &Selected<'_>, gate: Option<&str>) -> Vec<String> {
        let told = self.policy.notices.iter().filter(|notice| {
            let here = notice
                .environment
                .as_deref()
                .is_none_or(|name| selected.name() == Some(name));
            here && gate.is_none_or(|gate| notice.gate.as_deref() == Some(gate))
        });
        let mut all = self.notices.clone();
        all.extend(told.map(ToString::to_string));
        if let Selected::Everything {
            notice: Some(notice),
        } = selected
        {
            all.push(notice.clone());
        }
        all
    }
}

/// A base policy that should have governed and could not.
#[derive(Clone, Debug)]
pub struct Doubt {
    pub code: Code,
    pub text: String,
    pub enforcement: Enforcement,
}

/// A policy that cannot be used: exit 2.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PolicyFailure {
    #[error("{path}: {reason}; give an existing file or folder with --config")]
    Unreadable { path: String, reason: String },
    #[error("{}", list(.0))]
    Invalid(Vec<PolicyError>),
}

fn list(errors: &[PolicyError]) -> String {
    errors
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The policy's files as they are in the work tree, by path and bytes; none where the built-in defaults hold.
pub fn written(session: &Session) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let root = &session.root;
    let config: Vec<_> = session
        .flags
        .config
        .iter()
        .map(|path| below_root(root, path))
        .collect();
    let files = from_work_tree(root, &config, None)?;
    Ok(files
        .into_iter()
        .map(|file| (file.path, file.bytes))
        .collect())
}

/// Loads the policy for this subject. Where the base is explicit, its policy
/// governs: from the checkout, else from `elsewhere`, else the doubt is told.
pub(crate) fn load(
    root: &Path,
    config: &[String],
    catalogue: &Catalogue,
    check: Check<'_>,
    repo: Option<&Repo>,
    base: &Base,
    elsewhere: Elsewhere<'_>,
) -> Result<InForce, PolicyFailure> {
    let config = &config
        .iter()
        .map(|path| below_root(root, path))
        .collect::<Vec<_>>();
    let head_files = from_work_tree(root, config, repo)?;
    let head = parse(&head_files, catalogue, check).map_err(PolicyFailure::Invalid);
    let outside =
        |path: &&String| Path::new(path).is_absolute() || path.split('/').any(|part| part == "..");
    if let Some(outside) = config.iter().find(outside) {
        let mut given = in_force(head?, config, None);
        given.notices.push(format!(
            "{outside} lies outside the root: it is taken as given and not read from the base revision"
        ));
        return Ok(given);
    }
    let (revision, base_files) = match (base, repo) {
        (
            Base::Known {
                governs: Some(revision),
                ..
            },
            Some(repo),
        ) => (
            revision.as_str(),
            from_revision(config, &InRepository { repo, revision }),
        ),
        (
            Base::Unreadable {
                reason,
                explicit: true,
                revision,
            },
            _,
        ) => {
            let revision = revision.as_deref().unwrap_or_default();
            let read = from_revision(
                config,
                &Remote {
                    elsewhere,
                    revision,
                },
            );
            (
                revision,
                read.map_err(|error| {
                    if error.is_empty() {
                        reason.clone()
                    } else {
                        format!("{reason}; {error}")
                    }
                }),
            )
        }
        _ => return Ok(in_force(head?, config, None)),
    };
    let base_files = match base_files.and_then(|files| no_links(root, config, files)) {
        Ok(files) => files,
        Err(reason) => {
            return Ok(InForce {
                doubt: Some(unreadable_base(&reason)),
                ..in_force(head?, config, None)
            });
        }
    };
    if same(&base_files, &head_files) {
        return Ok(in_force(head?, config, Some(revision)));
    }
    let base_policy = match parse(&base_files, catalogue, check) {
        Ok(policy) => policy,
        Err(errors) => {
            let doubt = Doubt {
                code: Code::BasePolicyInvalid,
                text: format!(
                    "the policy of the base {revision} does not parse, so the checkout's own is used: {}",
                    list(&errors)
                ),
                enforcement: Enforcement::Advisory,
            };
            return Ok(InForce {
                doubt: Some(doubt),
                ..in_force(head?, config, None)
            });
        }
    };
    let governed = gate_policy::govern(&base_policy, &head?);
    let mut merged = in_force(governed.policy, config, Some(revision));
    merged.reference.sha256 = base_policy.sha256();
    merged.reference.defaults = base_policy.default_gates;
    merged.loosened = governed.loosened;
    Ok(merged)
}

/// A change whose base cannot be read may have loosened anything.
fn unreadable_base(reason: &str) -> Doubt {
    Doubt {
        code: Code::BaseUnreadable,
        text: format!("the base's policy cannot be read, so the checkout's own is used: {reason}"),
        enforcement: Enforcement::Mandatory,
    }
}

fn in_force(policy: Policy, config: &[String], revision: Option<&str>) -> InForce {
    let path = if policy.sources.is_empty() {
        None
    } else if config.is_empty() {
        Some(String::from(DEFAULT_CONFIG))
    } else {
        Some(config.join(", "))
    };
    InForce {
        reference: PolicyRef {
            path,
            sha256: policy.sha256(),
            revision: revision.map(str::to_owned),
            defaults: policy.default_gates,
        },
        notices: Vec::new(),
        policy,
        loosened: Vec::new(),
        doubt: None,
    }
}

fn parse(
    files: &[File],
    catalogue: &Catalogue,
    check: Check<'_>,
) -> Result<Policy, Vec<PolicyError>> {
    if files.is_empty() {
        return Ok(gate_policy::defaults(catalogue));
    }
    let sources: Vec<_> = files
        .iter()
        .map(|file| Source {
            path: file.path.clone(),
            bytes: &file.bytes,
        })
        .collect();
    gate_policy::load(&sources, catalogue, check)
}
