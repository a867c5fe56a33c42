//! Database clients and the settings of database access.

use super::{FILE, SETTINGS};
use crate::secrets::rule::{Check, Rule};

/// Source: `PostgreSQL`, "The Password File".
pub(in crate::secrets::rules) const PGPASS: Rule = Rule {
    id: "pgpass_password",
    family: "pgpass",
    title: "password in .pgpass",
    files: &[".pgpass", "pgpass.conf"],
    pattern: r"^[^#\s:](?:\\.|[^:\\\r\n])*:[0-9*]{1,5}:(?:\\.|[^:\\\r\n])+:(?:\\.|[^:\\\r\n])+:(?P<v>(?:\\.|[^:\\\r\n])+)",
    explain: "The fifth field of a line in a PostgreSQL password file.",
    sample_path: ".pgpass",
    samples: &[
        "db.internal:5432:*:app:{word:12}\n",
        "# c\r\n*:*:*:app:{alnum:16}\r\n",
    ],
    decoys: &[
        "#host:5432:db:user:{alnum:12}",
        "localhost:5432:db:user:changeme",
    ],
    ..FILE
};

/// Source: `MySQL`, "Using Option Files"; `pg_service.conf` in `PostgreSQL`, "The Connection Service File".
pub(in crate::secrets::rules) const OPTION_FILE: Rule = Rule {
    id: "client_config_password",
    family: "client_config",
    title: "password in a database client's configuration",
    files: &[
        ".my.cnf",
        "my.cnf",
        "debian.cnf",
        ".pg_service.conf",
        "pg_service.conf",
        ".odbc.ini",
        "odbc.ini",
    ],
    pattern: r#"^[ \t]{0,16}(?i:password|passwd|pwd)[ \t]{0,8}=[ \t]{0,8}["']?(?P<v>[^\s"'#]+)"#,
    explain: "The value of `password` in the option file of a database client.",
    sample_path: "home/.my.cnf",
    samples: &[
        "[client]\nuser = ci\npassword = {word:14}\n",
        "password=\"{alnum:16}\"",
    ],
    decoys: &["password = ${MYSQL}\n", "# password = {alnum:12}"],
    ..FILE
};

/// Source: the Ruby on Rails guides, "Configuring a Database".
pub(in crate::secrets::rules) const DATABASE_YML: Rule = Rule {
    id: "database_yml_password",
    family: "rails",
    title: "database password in database.yml",
    files: &["database.yml", "database.yaml"],
    pattern: r#"^[ \t]*(?:password|passwd):[ \t]{1,8}["']?(?P<v>[^\s"'#<][^\s"'#]{2,})"#,
    explain: "The value of `password` for a database.",
    sample_path: "config/database.yml",
    samples: &["production:\n  adapter: postgresql\n  password: {word:14}\n"],
    decoys: &[
        "  password: <%= ENV[\"DB\"] %>\n",
        "  #password: {word:12}\n",
        "  password: postgres\n",
        "  password:\n",
    ],
    ..SETTINGS
};

/// Source: the Mongoid manual, "Configuration": clients with a `uri`, or with `password` under `options`.
pub(in crate::secrets::rules) const MONGOID: Rule = Rule {
    id: "mongoid_password",
    family: "mongoid",
    title: "database password in mongoid.yml",
    files: &["mongoid.yml"],
    pattern: r#"^[ \t]*(?:uri:[ \t]{1,8}["']?mongodb(?:\+srv)?://[^\s:@/"']+:(?P<v>[^\s@/"']+)@|password:[ \t]{1,8}["']?(?P<w>[^\s"'#<]{3,}))"#,
    explain: "The password in `uri` or `password` of a Mongoid client.",
    sample_path: "config/mongoid.yml",
    samples: &[
        "production:\n  clients:\n    default:\n      uri: \"mongodb://app:{lower:8}@db.internal:27017/main\"\n",
        "        password: '{word:12}'\n",
    ],
    decoys: &[
        "      uri: <%= ENV['MONGO'] %>\n",
        "# uri: mongodb://app:{word:9}\n",
    ],
    ..FILE
};

/// Source: Robo 3T (Robomongo) and its file robo3t.json, as the program writes it.
pub(in crate::secrets::rules) const ROBOMONGO: Rule = Rule {
    id: "robomongo_password",
    family: "robomongo",
    title: "password in Robo 3T's connections",
    files: &["robomongo.json", "robo3t.json"],
    pattern: r#""(?:userPassword|userPasswordEncrypted|sshUserPassword|sshPassphrase|sslPemKeyPassphrase|sslPassPhrase)"\s{0,8}:\s{0,8}"(?P<v>(?:[^"\\\r\n]|\\.)+)""#,
    explain: "The password of a database or of the tunnel to it.",
    sample_path: "home/.config/robo3t/robo3t.json",
    samples: &["{\"sshUserPassword\" : \"{word:12}\"}"],
    decoys: &["{\"userPassword\" : \"\"}"],
    ..FILE
};

/// Source: `DBeaver`, "Admin: Manage Connections"; versions before 6.1.3 kept the password in data-sources.xml.
pub(in crate::secrets::rules) const DBEAVER: Rule = Rule {
    id: "dbeaver_password",
    family: "dbeaver",
    title: "password in DBeaver's connections",
    files: &[
        "data-sources.xml",
        ".dbeaver-data-sources.xml",
        "dbeaver-data-sources.xml",
    ],
    pattern: r#"\s(?:password|proxy-password)="(?P<v>[^"<\r\n]+)""#,
    explain: "The attribute `password` of a connection.",
    sample_path: "data-sources.xml",
    samples: &["<connection host=\"db\" user=\"a\" password=\"{word:12}\"/>"],
    decoys: &["<data-source save-password=\"true\" password=\"\"/>"],
    ..FILE
};

/// Source: `DataGrip`, "Data sources and drivers dialog": the address as given, with parameters.
pub(in crate::secrets::rules) const IDEA_DATA_SOURCE: Rule = Rule {
    id: "idea_data_source_password",
    family: "idea",
    title: "password in a data source of an IntelliJ project",
    files: &[
        "datasources.xml",
        "datasources.local.xml",
        "datasources.ids",
    ],
    pattern: r"<jdbc-url>[^<\r\n]{0,300}?[?&;](?:amp;)?(?i:password|pwd)=(?P<v>[^&;<\s]+)",
    explain: "The parameter `password` in a JDBC address.",
    sample_path: ".idea/dataSources.xml",
    samples: &["<jdbc-url>jdbc:postgresql://db/x?user=a&amp;password={word:12}</jdbc-url>"],
    decoys: &[
        "<jdbc-url>jdbc:postgresql://db/x?password=$PW$</jdbc-url>",
        "<jdbc-url>jdbc:sqlite:x</jdbc-url>",
    ],
    ..FILE
};

/// Source: Microsoft, "Connection Strings and Configuration Files".
pub(in crate::secrets::rules) const CONNECTION_STRING: Rule = Rule {
    id: "connection_string_password",
    family: "connection_string",
    title: "password in a connection string",
    files: &[
        "web.config",
        "app.config",
        "connectionstrings.config",
        "appsettings.json",
        "appsettings.*",
    ],
    pattern: r#"["';][ \t]{0,4}(?i:password|pwd)[ \t]{0,4}=[ \t]{0,4}(?P<v>[^;"'\s<&]{3,})"#,
    checks: &[Check::Configured],
    explain: "`Password=` or `Pwd=` in the connection string of a .NET program.",
    sample_path: "src/appsettings.json",
    samples: &[
        "{\"ConnectionStrings\": {\"Main\": \"Server=db;User Id=a;Password={word:14};\"}}",
        "<add connectionString=\"Server=db;Pwd={word:14}\"/>",
    ],
    decoys: &[
        "{\"Main\": \"Server=db;User Id=a;Password=${DB};\"}",
        "{\"Main\": \"Server=db;Integrated Security=true;\"}",
        "{\"Main\": \"Server=db;Password=YourStrongPassword123;\"}",
    ],
    ..SETTINGS
};
