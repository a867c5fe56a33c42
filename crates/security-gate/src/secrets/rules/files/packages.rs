//! Package managers, build tools and registries.

use super::{FILE, SETTINGS};
use crate::secrets::rule::{Check, Rule};

/// Source: `npmrc(5)`: `_auth` is base64 of user:password, `_password` base64 of the password.
pub(in crate::secrets::rules) const NPMRC: Rule = Rule {
    id: "npmrc_password",
    family: "npmrc",
    title: "password in .npmrc",
    files: &[".npmrc", "npmrc"],
    pattern: r#"^[^#;=\r\n]*(?:_password|_auth)\s{0,4}=\s{0,4}"?(?P<v>[^\s"]{4,})"#,
    checks: &[Check::Encoded],
    explain: "The value of `_auth` or `_password` in an npm configuration.",
    sample_path: "web/.npmrc",
    samples: &[
        "//registry.internal/:_password={basic:9}\n",
        "_auth = {basic:16}\n",
    ],
    decoys: &[
        "_auth=${NPM_AUTH}",
        "; _auth={basic:12}",
        "_auth={}JHtBVVRIfQ==",
    ],
    ..FILE
};

/// Source: Python Packaging User Guide, "The .pypirc file".
pub(in crate::secrets::rules) const PYPIRC: Rule = Rule {
    id: "pypirc_password",
    family: "client_config",
    title: "password in .pypirc",
    files: &[".pypirc", "pypoetry/auth.toml", "pip.conf", "pip.ini"],
    pattern: r#"^[ \t]{0,16}password[ \t]{0,8}[:=][ \t]{0,8}["']?(?P<v>[^\s"'#]+)"#,
    explain: "The value of `password` for a package index.",
    sample_path: "home/.pypirc",
    samples: &[
        "[pypi]\nusername = ci\npassword = {word:14}\n",
        "password: {alnum:16}",
    ],
    decoys: &[
        "password = ${PYPI}\n",
        "# password = {alnum:12}",
        "password = %(PW)s",
    ],
    ..FILE
};

/// Source: Docker, "docker login": `auth` is base64 of user:password where no credential helper is set up.
pub(in crate::secrets::rules) const DOCKER_CONFIG: Rule = Rule {
    id: "docker_config_auth",
    family: "docker_config",
    title: "registry password in a Docker configuration",
    files: &[
        ".dockercfg",
        ".docker/config.json",
        ".dockerconfigjson",
        "dockercfg",
        "dockerconfig.json",
        "docker-config.json",
        "docker/config.json",
        "containers/auth.json",
        "kaniko/config.json",
    ],
    pattern: r#""(?:auth|identitytoken|registrytoken)"\s{0,8}:\s{0,8}"(?P<v>[A-Za-z0-9+/_-]{4,}={0,2})""#,
    checks: &[
        Check::Encoded,
        Check::Undocumented(&["dXNlcjpwYXNz", "dXNlcm5hbWU6cGFzc3dvcm"]),
    ],
    explain: "The member `auth`: base64 of user:password for a container registry.",
    next_step: "Remove the file from the repository, change the password, and let a credential helper keep it.",
    sample_path: "home/.docker/config.json",
    samples: &["{\"auths\": {\"registry.internal\": {\"auth\": \"{basic:16}\"}}}"],
    decoys: &[
        "{\"auths\": {\"registry.internal\": {\"auth\": \"\"}}}",
        "{\"auth\": \"dXNlcjpwYXNzd29yZA==\"}",
    ],
    ..FILE
};

/// Source: Apache Maven, "Settings Reference" (servers) and "Password Encryption" (braces around what is encrypted).
pub(in crate::secrets::rules) const MAVEN: Rule = Rule {
    id: "maven_settings_password",
    family: "maven",
    title: "password in Maven's settings",
    files: &[
        ".m2/settings.xml",
        "settings.xml",
        "settings-security.xml",
        "maven-settings.xml",
    ],
    pattern: r"<(?:password>(?P<v>[^<{$\s][^<\r\n]*)</|passphrase>(?P<w>[^<{$\s][^<\r\n]*)</|master>(?P<x>\{[^<\r\n]{8,}\})</)",
    checks: &[Check::Configured],
    explain: "The password or passphrase of a server, or the master password that decrypts all others.",
    sample_path: "home/.m2/settings.xml",
    samples: &["<server><id>a</id><username>ci</username><password>{word:14}</password></server>"],
    decoys: &[
        "<server><password>${env.NEXUS}</password></server>",
        "<server><password>{{}{b64:28}=}</password></server>",
        "<server><password>my_password</password></server>",
    ],
    ..SETTINGS
};

/// Sources: Gradle, "The Signing Plugin" and "Declaring repositories" (credentials in gradle.properties).
pub(in crate::secrets::rules) const GRADLE: Rule = Rule {
    id: "gradle_properties_secret",
    family: "gradle",
    title: "password in gradle.properties",
    files: &[
        "gradle.properties",
        "keystore.properties",
        "signing.properties",
        "local.properties",
        "key.properties",
    ],
    pattern: r"^[ \t]{0,8}(?P<key>[\w.-]*(?i:password|passphrase|secret|token|api_?key))[ \t]{0,8}[=:][ \t]{0,8}(?P<v>[^\s#][^\r\n]{2,}?)[ \t]*\r?$",
    checks: &[Check::Configured],
    explain: "The value of a property whose name ends with password, passphrase, secret, token or key.",
    sample_path: "app/gradle.properties",
    samples: &[
        "signing.password={word:12}\n",
        "ossrhPassword = {word:14}\r\n",
    ],
    decoys: &[
        "signing.password=\n",
        "ossrhPassword=changeit\n",
        "#token={word:12}\n",
        "android.keyPassword=$PW\n",
    ],
    ..SETTINGS
};

/// Source: Microsoft, "nuget.config reference", packageSourceCredentials and apikeys.
pub(in crate::secrets::rules) const NUGET: Rule = Rule {
    id: "nuget_config_password",
    family: "nuget",
    title: "password in NuGet.config",
    files: &["nuget.config"],
    pattern: r#"(?i:key\s{0,4}=\s{0,4}["'](?:ClearTextPassword|Password)["'])\s{1,8}(?i:value)\s{0,4}=\s{0,4}["'](?P<v>[^"'<\r\n]+)["']"#,
    explain: "The value of ClearTextPassword or Password for a package source.",
    sample_path: "NuGet.Config",
    samples: &["<add key=\"ClearTextPassword\" value=\"{word:14}\" />"],
    decoys: &[
        "<add key=\"ClearTextPassword\" value=\"%NUGET%\" />",
        "<add key=\"Username\" value=\"{word:14}\" />",
    ],
    ..FILE
};

/// Sources: Cargo, "Configuration" (credentials.toml); `RubyGems` guides, "API key scopes" (~/.gem/credentials).
pub(in crate::secrets::rules) const REGISTRY_TOKEN: Rule = Rule {
    id: "registry_credentials_token",
    family: "registry_credentials",
    title: "token in a package manager's credentials",
    files: &[
        ".cargo/credentials",
        ".cargo/credentials.toml",
        ".gem/credentials",
        "gem/credentials",
    ],
    pattern: r#"^[ \t]{0,8}(?:token[ \t]{0,8}=|:[a-z0-9_]+:)[ \t]{0,8}["']?(?P<v>[^\s"'#]{16,})"#,
    explain: "The token that the package manager publishes with.",
    sample_path: "home/.cargo/credentials.toml",
    samples: &[
        "[registry]\ntoken = \"{alnum:35}\"\n",
        ":rubygems_api_key: {hex:32}\n",
    ],
    decoys: &[
        "[registry]\ntoken = \"${CARGO_REGISTRY_TOKEN}\"\n",
        "token = \"\"\n",
    ],
    ..FILE
};

/// Source: Composer, "Authentication for privately hosted packages" (auth.json).
pub(in crate::secrets::rules) const COMPOSER: Rule = Rule {
    id: "composer_auth_secret",
    family: "composer",
    title: "credential in Composer's auth.json",
    files: &["auth.json", "!*.md"],
    pattern: r#""(?:password|token|consumer-secret|github\.com|gitlab\.com|packagist\.com)"\s{0,8}:\s{0,8}"(?P<v>[^"\\\s]{3,})""#,
    checks: &[Check::Configured],
    explain: "The password or token for a package repository.",
    sample_path: "auth.json",
    samples: &[
        "{\"http-basic\": {\"repo.internal\": {\"username\": \"a\", \"password\": \"{word:16}\"}}}",
    ],
    decoys: &[
        "{\"github-oauth\": {\"github.com\": \"<token>\"}}",
        "{\"password\": \"secret\"}",
    ],
    ..SETTINGS
};
