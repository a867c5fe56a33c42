//! Amazon Web Services. Identifier prefixes: "Reference: IAM identifiers, unique ID prefixes" in the IAM user guide;
//! a secret access key is 40 characters of the base64 alphabet.

use crate::secrets::rule::{BASE, Check, Reach, Rule};

pub(super) const ACCESS_KEY_ID: Rule = Rule {
    id: "aws_access_key_id",
    family: "aws",
    title: "AWS access key id",
    literals: &["AKIA", "ASIA"],
    reach: Reach::Here { after: 24 },
    pattern: r"(?:AKIA|ASIA)(?P<s>[A-Z0-9]{16})",
    checks: &[Check::NoPlaceholder, Check::Distinct(7)],
    explain: "AKIA (long-term) or ASIA (temporary) and 16 capitals or digits name an access key of an AWS account; its secret is usually close by.",
    next_step: "Deactivate and delete the key in IAM, look at its use in CloudTrail, and use roles or OIDC instead of stored keys.",
    samples: &[
        "key = AKIA{base32:16}",
        "{\"AccessKeyId\": \"ASIA{base32:16}\"}",
        "a\\nAKIA{base32:16}\\n",
    ],
    decoys: &[
        "AKIA{}IOSFODNN7EXAMPLE",
        "AKIA{}XXXXXXXXXXXXXXXX",
        "xAKIA{base32:16}",
        "AKIA{base32:17}",
        "AKIA{}ABCDEFGHIJKLMNOP",
        "AKIA{base32:15}",
    ],
    ..BASE
};

pub(super) const SECRET_KEY_NAMED: Rule = Rule {
    id: "aws_secret_access_key",
    family: "aws_secret",
    title: "AWS secret access key",
    literals: &[
        "aws_secret",
        "AWS_SECRET",
        "awsSecret",
        "SecretAccessKey",
        "secretAccessKey",
        "secret_access_key",
        "SECRET_ACCESS_KEY",
    ],
    reach: Reach::Here { after: 128 },
    pattern: r#"(?i:(?:aws_?)?secret(?:_?access)?_?key)(?:["'\]]|\\")*\s{0,8}(?:=>|:=|[:=,])\s{0,8}(?:["'`]|\\")?(?P<v>[A-Za-z0-9/+]{40})"#,
    bounded: false,
    checks: &[Check::NoPlaceholder, Check::Mixed, Check::Distinct(16)],
    explain: "Forty characters of the base64 alphabet assigned to a name of the AWS secret key.",
    next_step: ACCESS_KEY_ID.next_step,
    samples: &[
        "aws_secret_access_key = {b64:40}",
        "export AWS_SECRET_ACCESS_KEY='{b64:40}'",
        "\"secretAccessKey\": \"{b64:40}\"",
        "\"{\\\"SecretAccessKey\\\":\\\"{b64:40}\\\"}\"",
    ],
    decoys: &[
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/{}bPxRfiCYEXAMPLEKEY",
        "aws_secret_access_key = {hex:40}",
        "aws_secret_access_key = {b64:44}",
        "AWS_SECRET_ACCESS_KEY=${SECRET}",
    ],
    ..BASE
};

pub(super) const SECRET_KEY_NEAR_ID: Rule = Rule {
    id: "aws_key_pair",
    family: "aws_secret",
    title: "AWS secret access key beside its key id",
    literals: ACCESS_KEY_ID.literals,
    reach: Reach::Near {
        anchor: ACCESS_KEY_ID.pattern,
        before: 200,
        after: 256,
    },
    pattern: r"(?:^|[^A-Za-z0-9/+.])(?P<v>[A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=.]|$)",
    checks: &[Check::NoPlaceholder, Check::Mixed, Check::Distinct(16)],
    explain: "Forty characters of the base64 alphabet, in both cases and with digits, within a few lines of an AWS access key id.",
    next_step: ACCESS_KEY_ID.next_step,
    samples: &[
        "access_key: AKIA{base32:16}\nsecret: {b64:40}\n",
        "connect(\"{b64:40}\", \"AKIA{base32:16}\")",
    ],
    decoys: &["commit {hex:40} by AKI{base32:16}", "plain {b64:40} text"],
    ..BASE
};
