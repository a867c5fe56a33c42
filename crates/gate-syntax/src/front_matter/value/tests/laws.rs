use proptest::prelude::*;

use super::*;

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        "[\\x00-\\x1f\"\\\\:#{}\\[\\],&*!|>'%@`\n -]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("\\PC{0,8}", inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    /// JSON is YAML: what serde_json prints as an object on one line reads back equal.
    #[test]
    fn json_reads_back(members in prop::collection::btree_map("\\PC{0,8}", json_value(), 0..8)) {
        let value = Value::Object(members.into_iter().collect());
        let text = format!("---\n{value}\n---\n");
        prop_assert_eq!(read(&text).value, value);
    }

    /// Every pointer of the value has a position inside the block.
    #[test]
    fn every_value_stands_in_the_block(members in prop::collection::btree_map("[a-c/~0-2]{1,3}", json_value(), 0..8)) {
        let value = Value::Object(members.into_iter().collect());
        let located = read(&format!("---\n{value}\n---\n"));
        if let Value::Object(members) = &located.value {
            for name in members.keys() {
                let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
                prop_assert_eq!(located.position(&pointer).0, 2);
            }
        }
    }

    #[test]
    fn nothing_panics(yaml in "[ \n\ta-c:\\-?\\[\\]{},&*!|>'\"%#~<0.e]{0,80}") {
        let _ = front_matter_value(&format!("---\na{yaml}\n---\n"));
    }
}
