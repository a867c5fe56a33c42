use proptest::prelude::*;

use super::line_hashes;
use super::plain::plain_line_hashes;

/// Every line of a source.
fn every(source: &[u8]) -> Vec<String> {
    let lines: Vec<u32> = (1..=u32::try_from(source.len()).unwrap() + 1).collect();
    let found = line_hashes(source, &lines);
    assert!(
        found.iter().map(|(line, _)| line).eq(&lines[..found.len()]),
        "each line up to the last"
    );
    found.iter().map(|(_, hash)| hash.to_string()).collect()
}

#[test]
fn hashes_are_those_of_the_action() {
    for (source, expected) in [
        (&b""[..], "c129715d7a2bc9a3:1"),
        (b"a", "53b5d4aabe50d64:1"),
        (b"a\n", "243cbaa4685aab12:1 c129715d7a2bc9a3:1"),
        (b"a\nb", "c74339777b6a2c60:1 8ee5a81e681643c1:1"),
        (b"a\r\nb", "c74339777b6a2c60:1 8ee5a81e681643c1:1"),
        (
            b"a\r \nb",
            "67c066a59e652f5e:1 cc4c43d77869440f:1 8ee5a81e681643c1:1",
        ),
        (
            b"a\n   \nb",
            "67c066a59e652f5e:1 cc4c43d77869440f:1 8ee5a81e681643c1:1",
        ),
        ("a\u{a0}b".as_bytes(), "8d94bbd8c9621d86:1"),
        ("\u{feff}a".as_bytes(), "32afc9aa38d90537:1"),
        ("😀".as_bytes(), "56e41eb4cc943584:1"),
        (b"a\xffb", "e5063219a977125b:1"),
        (
            b"x\nx\nx\n",
            "4c74ab87820424b1:1 8c072f39cc89b447:1 828973aa50c68d6d:1 c129715d7a2bc9a3:1",
        ),
        (
            b" a\nb\n  \t\tc\n d",
            "271789c17abda88f:1 54703d4cd895b18:1 180aee12dab6264:1 a23a3dc5e078b07b:1",
        ),
        (
            b" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
            "8b7cf3e952e7aeb2:1 b1ae1287ec4718d9:1 bff680108adb0fcc:1 c6805c5e1288b612:1 b86d3392aea1be30:1 e6ceba753e1a442:1",
        ),
        (
            b" hello; \t\r\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
            "e9496ae3ebfced30:1 fb7c023a8b9ccb3f:1 ce8ba1a563dcdaca:1 e20e36e16fcb0cc8:1 b3edc88f2938467e:1 c8e28b0b4002a3a0:1 c129715d7a2bc9a3:1",
        ),
        (
            &b"Lorem ipsum dolor sit amet.\n".repeat(10),
            "a7f2ff13bc495cf2:1 a7f2ff13bc495cf2:2 a7f2ff13bc495cf2:3 a7f2ff13bc495cf2:4 a7f2ff13bc495cf2:5 a7f2ff13bc495cf2:6 \
             a7f2ff1481e87703:1 a9cf91f7bbf1862b:1 55ec222b86bcae53:1 cc97dc7b1d7d8f7b:1 c129715d7a2bc9a3:1",
        ),
        (
            b"x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n",
            "e54938cc54b302f1:1 bb609acbe9138d60:1 1131fd5871777f34:1 5c482a0f8b35ea28:1 54517377da7028d2:1 2c644846cb18d53e:1 \
             f1b89f20de0d133:1 c129715d7a2bc9a3:1",
        ),
    ] {
        assert_eq!(every(source).join(" "), expected, "{source:?}");
        assert_eq!(plain_line_hashes(source).join(" "), expected, "{source:?}");
    }
}

#[test]
fn only_wanted_lines_are_given_each_once_and_in_order() {
    let source = "x\n".repeat(300);
    let found: Vec<String> = line_hashes(source.as_bytes(), &[299, 0, 2, 2, u32::MAX, 302])
        .iter()
        .map(|(line, hash)| format!("{line}={hash}"))
        .collect();
    let all = every(source.as_bytes());
    assert_eq!(
        found,
        [format!("2={}", all[1]), format!("299={}", all[298])]
    );
    assert_eq!(line_hashes(source.as_bytes(), &[]), []);
}

/// Pieces that bring out the rules, long ones and such that are no UTF-8 among them.
fn sources() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        "[a-c \t]{0,30}".prop_map(String::into_bytes),
        "[ -~]{0,150}\n".prop_map(String::into_bytes),
        "\\PC{0,20}".prop_map(String::into_bytes),
        "[\r\n \t]{0,6}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..20),
        (0usize..5000, any::<u8>()).prop_map(|(length, byte)| vec![byte; length]),
        prop::sample::select(vec![
            "\u{feff}",
            "\u{a0}",
            "😀",
            "\0",
            "\r \n",
            "x\nx\nx\n",
            "\u{2028}",
            "\u{ffff}",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_fast_hash_is_the_plain_one(source in sources()) {
        prop_assert_eq!(every(&source), plain_line_hashes(&source));
    }

    #[test]
    fn a_line_has_one_hash_whatever_else_is_wanted(source in sources(), wanted in prop::collection::vec(0u32..60, 0..5)) {
        let all = plain_line_hashes(&source);
        for (line, hash) in line_hashes(&source, &wanted) {
            prop_assert!(wanted.contains(&line));
            prop_assert_eq!(&hash.to_string(), &all[line as usize - 1]);
        }
    }
}
