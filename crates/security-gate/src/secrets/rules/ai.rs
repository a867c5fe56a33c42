//! Providers of language models. Sources: the providers' pages on API keys; key shapes as they issue them.

use crate::secrets::rule::{BASE, Check, Reach, Rule};

const LONG: &[Check] = &[Check::NoPlaceholder, Check::Distinct(16)];

pub(super) const ANTHROPIC: Rule = Rule {
    id: "anthropic_key",
    family: "anthropic",
    title: "Anthropic key",
    literals: &["sk-ant-"],
    pattern: r"sk-ant-(?:api|admin|oat|ort|sid)[0-9]{2}-(?P<s>[A-Za-z0-9_-]{80,120})",
    checks: LONG,
    explain: "sk-ant-, the kind of key with its version, and 80 characters or more.",
    samples: &["sk-ant-api03-{b64url:93}AA"],
    decoys: &["sk-ant-api03-{alnum:40}", "sk-ant-api03-your-key"],
    ..BASE
};

pub(super) const OPENAI_MARKED: Rule = Rule {
    id: "openai_key",
    family: "openai",
    title: "OpenAI key",
    literals: &["T3BlbkFJ"],
    reach: Reach::Around {
        before: 128,
        after: 128,
    },
    pattern: r"sk-(?:proj-|svcacct-|admin-|None-)?(?P<s>[A-Za-z0-9_-]{20,100}T3BlbkFJ[A-Za-z0-9_-]{20,100})",
    checks: LONG,
    explain: "sk- and a long random text with the marker T3BlbkFJ in its middle (the provider's name in base64).",
    samples: &[
        "OPENAI_API_KEY=sk-{alnum:20}T3BlbkFJ{alnum:20}",
        "sk-proj-{alnum:74}T3BlbkFJ{alnum:74}",
    ],
    decoys: &["T3BlbkFJ", "sk-{alnum:4}T3BlbkFJ{alnum:4}"],
    ..BASE
};

pub(super) const OPENAI_PROJECT: Rule = Rule {
    id: "openai_project_key",
    family: "openai",
    title: "OpenAI project or service key",
    literals: &["sk-proj-", "sk-svcacct-"],
    pattern: r"sk-(?:proj|svcacct)-(?P<s>[A-Za-z0-9_-]{40,200})",
    checks: &[Check::NoPlaceholder, Check::Distinct(16), Check::Mixed],
    explain: "sk-proj- or sk-svcacct- and 40 characters or more.",
    samples: &["sk-proj-{b64url:48}"],
    decoys: &[
        "sk-proj-my-very-long-project-name-without-any-random-part-at-all",
        "sk-proj-{alnum:20}",
    ],
    ..BASE
};

pub(super) const OPENROUTER: Rule = Rule {
    id: "openrouter_key",
    family: "openrouter",
    title: "OpenRouter key",
    literals: &["sk-or-v1-"],
    pattern: r"sk-or-v1-(?P<s>[0-9a-f]{64})",
    explain: "sk-or-v1- and 64 hexadecimal digits.",
    samples: &["sk-or-v1-{hex:64}"],
    decoys: &["sk-or-v1-{hex:32}"],
    ..BASE
};

pub(super) const HUGGING_FACE: Rule = Rule {
    id: "hugging_face_token",
    family: "hugging_face",
    title: "Hugging Face token",
    literals: &["hf_"],
    reach: Reach::Here { after: 48 },
    pattern: r"hf_(?P<s>[A-Za-z0-9]{34})",
    checks: &[Check::NoPlaceholder, Check::Distinct(14)],
    explain: "hf_ and 34 characters.",
    samples: &["HF_TOKEN=hf_{alpha:34}"],
    decoys: &["hf_{alpha:33}", "hf_{alpha:35}", "shf_{alpha:34}"],
    ..BASE
};

pub(super) const GROQ: Rule = Rule {
    id: "groq_key",
    family: "groq",
    title: "Groq key",
    literals: &["gsk_"],
    reach: Reach::Here { after: 64 },
    pattern: r"gsk_(?P<s>[A-Za-z0-9]{52})",
    checks: LONG,
    explain: "gsk_ and 52 characters.",
    samples: &["gsk_{alnum:52}"],
    decoys: &["gsk_{alnum:20}"],
    ..BASE
};

pub(super) const XAI: Rule = Rule {
    id: "xai_key",
    family: "xai",
    title: "xAI key",
    literals: &["xai-"],
    reach: Reach::Here { after: 96 },
    pattern: r"xai-(?P<s>[A-Za-z0-9]{80})",
    checks: LONG,
    explain: "xai- and 80 characters.",
    samples: &["xai-{alnum:80}"],
    decoys: &["xai-{alnum:30}"],
    ..BASE
};

pub(super) const PERPLEXITY: Rule = Rule {
    id: "perplexity_key",
    family: "perplexity",
    title: "Perplexity key",
    literals: &["pplx-"],
    reach: Reach::Here { after: 64 },
    pattern: r"pplx-(?P<s>[A-Za-z0-9]{48})",
    checks: LONG,
    explain: "pplx- and 48 characters.",
    samples: &["pplx-{alnum:48}"],
    decoys: &["pplx-{alnum:12}"],
    ..BASE
};
