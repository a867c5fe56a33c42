//! Words that tell an agent to do what its user did not ask for, and what it would do it with. Never enough alone.

/// What a word is a sign of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// Sets other instructions aside.
    Override,
    /// Keeps the user from knowing.
    Conceal,
    /// Tells to act; every instruction does.
    Order,
    /// Sends or fetches.
    Network,
    /// Where credentials lie.
    Credential,
    /// Runs commands.
    Shell,
}

impl Signal {
    /// Whether it speaks against the user.
    pub(super) const fn injects(self) -> bool {
        matches!(self, Self::Override | Self::Conceal)
    }

    /// Whether it is something that harm is done with.
    pub(super) const fn is_capability(self) -> bool {
        matches!(self, Self::Network | Self::Credential | Self::Shell)
    }
}

/// In lower case.
pub(super) const LITERALS: &[(&str, Signal)] = &[
    ("ignore previous instructions", Signal::Override),
    ("ignore all previous", Signal::Override),
    ("ignore any previous", Signal::Override),
    ("ignore the previous", Signal::Override),
    ("ignore prior instructions", Signal::Override),
    ("ignore all prior", Signal::Override),
    ("ignore all other instructions", Signal::Override),
    ("ignore the above", Signal::Override),
    ("ignore your instructions", Signal::Override),
    ("ignore the system prompt", Signal::Override),
    ("disregard previous", Signal::Override),
    ("disregard all previous", Signal::Override),
    ("disregard the above", Signal::Override),
    ("disregard your instructions", Signal::Override),
    ("forget previous instructions", Signal::Override),
    ("forget all previous", Signal::Override),
    ("override your instructions", Signal::Override),
    ("overrides all previous", Signal::Override),
    ("supersedes all previous", Signal::Override),
    ("your new instructions are", Signal::Override),
    ("<|im_start|>system", Signal::Override),
    ("[system override]", Signal::Override),
    ("do not tell the user", Signal::Conceal),
    ("don't tell the user", Signal::Conceal),
    ("never tell the user", Signal::Conceal),
    ("without telling the user", Signal::Conceal),
    ("do not inform the user", Signal::Conceal),
    ("without informing the user", Signal::Conceal),
    ("do not mention this to the user", Signal::Conceal),
    ("don't mention this to the user", Signal::Conceal),
    ("do not let the user know", Signal::Conceal),
    ("hide this from the user", Signal::Conceal),
    ("without the user's knowledge", Signal::Conceal),
    ("without the user noticing", Signal::Conceal),
    ("do not reveal this", Signal::Conceal),
    ("keep this secret from", Signal::Conceal),
    ("you must", Signal::Order),
    ("always run", Signal::Order),
    ("first run", Signal::Order),
    ("silently", Signal::Order),
    ("execute the", Signal::Order),
    ("execute this", Signal::Order),
    ("run the following", Signal::Order),
    ("read the file", Signal::Order),
    ("read the contents", Signal::Order),
    ("send the", Signal::Order),
    ("send it to", Signal::Order),
    ("upload ", Signal::Order),
    ("append the", Signal::Order),
    ("before doing anything", Signal::Order),
    ("curl ", Signal::Network),
    ("wget ", Signal::Network),
    ("invoke-webrequest", Signal::Network),
    ("fetch(", Signal::Network),
    ("requests.post", Signal::Network),
    ("post request to", Signal::Network),
    ("send it to http", Signal::Network),
    ("webhook", Signal::Network),
    ("/dev/tcp/", Signal::Network),
    ("~/.ssh", Signal::Credential),
    ("id_rsa", Signal::Credential),
    ("id_ed25519", Signal::Credential),
    (".aws/credentials", Signal::Credential),
    (".git-credentials", Signal::Credential),
    (".npmrc", Signal::Credential),
    (".netrc", Signal::Credential),
    (".kube/config", Signal::Credential),
    ("/etc/passwd", Signal::Credential),
    (".env file", Signal::Credential),
    ("cat .env", Signal::Credential),
    ("github_token", Signal::Credential),
    ("api_key", Signal::Credential),
    ("environment variables", Signal::Credential),
    ("wallet.dat", Signal::Credential),
    ("bash -c", Signal::Shell),
    ("sh -c", Signal::Shell),
    ("| sh", Signal::Shell),
    ("| bash", Signal::Shell),
    ("base64 -d", Signal::Shell),
    ("rm -rf", Signal::Shell),
    ("chmod +x", Signal::Shell),
    ("os.system", Signal::Shell),
    ("subprocess", Signal::Shell),
    ("eval(", Signal::Shell),
    ("powershell", Signal::Shell),
];
