//! Which environment is in force.

use crate::environment::Environment;
use crate::nearest::nearest;
use crate::policy::Policy;

/// What the name of the environment follows from without `--environment`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checkout<'a> {
    /// The branch that the run is for; `None` where the head is on none.
    pub branch: Option<&'a str>,
    /// The tag that the run is for.
    pub tag: Option<&'a str>,
    /// The branch is the default branch.
    pub default_branch: bool,
}

/// The environment in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selected<'a> {
    Named(&'a Environment),
    /// Everything configured is mandatory; the notice says why where the
    /// policy has environments.
    Everything {
        notice: Option<String>,
    },
}

impl Selected<'_> {
    /// The name for the verdict.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Named(environment) => Some(&environment.name),
            Self::Everything { .. } => None,
        }
    }
}

/// `--environment` names one that the policy lacks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown environment `{name}`{}", self.advice())]
pub struct UnknownEnvironment {
    pub name: String,
    pub nearest: Option<String>,
    /// All that the policy defines, sorted.
    pub known: Vec<String>,
}

impl UnknownEnvironment {
    fn advice(&self) -> String {
        if self.known.is_empty() {
            return "; the policy defines no environments: leave out `--environment`".into();
        }
        let mean = self
            .nearest
            .as_ref()
            .map(|near| format!("; did you mean `{near}`?"));
        format!(
            "{}; the policy defines: {}",
            mean.unwrap_or_default(),
            self.known.join(", ")
        )
    }
}

impl Policy {
    /// The environment asked for, else the only one, else the one that claims
    /// the branch or tag, else `production` on the default branch and tags and
    /// `staging` elsewhere.
    ///
    /// # Errors
    /// An environment was asked for that the policy lacks.
    pub fn select(
        &self,
        requested: Option<&str>,
        checkout: Checkout<'_>,
    ) -> Result<Selected<'_>, UnknownEnvironment> {
        if let Some(name) = requested {
            return match self.environments.get(name) {
                Some(environment) => Ok(Selected::Named(environment)),
                None => Err(UnknownEnvironment {
                    name: name.to_owned(),
                    nearest: nearest(name, self.environments.keys().map(String::as_str))
                        .map(str::to_owned),
                    known: self.environments.keys().cloned().collect(),
                }),
            };
        }
        let mut all = self.environments.values();
        if let (Some(only), None) = (all.next(), all.next()) {
            return Ok(Selected::Named(only));
        }
        if self.environments.is_empty() {
            return Ok(Selected::Everything { notice: None });
        }
        let claiming: Vec<_> = self
            .environments
            .values()
            .filter(|one| one.latitude.claims(checkout.branch, checkout.tag))
            .collect();
        match claiming.as_slice() {
            [] => {}
            [only] => return Ok(Selected::Named(only)),
            several => {
                let names: Vec<_> = several.iter().map(|one| one.name.as_str()).collect();
                return Ok(Selected::Everything {
                    notice: Some(format!(
                        "several environments claim this branch or tag ({}): everything configured is mandatory; name one with `--environment`",
                        names.join(", ")
                    )),
                });
            }
        }
        let name =
            if checkout.tag.is_some() || (checkout.default_branch && checkout.branch.is_some()) {
                "production"
            } else {
                "staging"
            };
        Ok(match self.environments.get(name) {
            Some(environment) => Selected::Named(environment),
            None => Selected::Everything {
                notice: Some(format!(
                    "this checkout is judged as `{name}`, which the policy does not define (it has {}): everything configured is mandatory; name one with `--environment`",
                    self.environments
                        .keys()
                        .cloned()
                        .collect::<Vec<_>>()
                        .join(", ")
                )),
            },
        })
    }
}
