//! Checksums that providers build into what they issue: known offline, by their own documentation or source.

use super::codec::{checksum62, crc16, crc32, decode_base32, digits};
use super::rule::{Checksum, Sum};

const BASE36: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Whether the checksum of `value` holds, whose random part is `secret`.
pub(super) fn checksum(sum: Sum, value: &[u8], secret: &[u8]) -> Checksum {
    let holds = match sum {
        Sum::Base62 => secret
            .split_last_chunk::<6>()
            .is_some_and(|(body, sum)| checksum62(body) == *sum),
        Sum::Grafana => value
            .split_last_chunk::<9>()
            .is_some_and(|(body, sum)| grafana(body).eq_ignore_ascii_case(sum)),
        Sum::Gitlab => match value.split_last_chunk::<7>() {
            // The form before it had none.
            Some(([.., b'.', _, _, b'.', _, _], sum)) => {
                gitlab(&value[..value.len() - sum.len()]) == *sum
            }
            _ => return Checksum::Undefined,
        },
        Sum::Nkey => decode_base32(value).is_some_and(|bytes| {
            bytes
                .split_last_chunk::<2>()
                .is_some_and(|(body, sum)| crc16(body).to_le_bytes() == *sum)
        }),
    };
    if holds {
        Checksum::Holds
    } else {
        Checksum::Differs
    }
}

/// An underscore and the CRC-32 of what stands before it, its lowest byte first. Source: `satokengen` of Grafana.
pub(super) fn grafana(body: &[u8]) -> [u8; 9] {
    let mut out = [b'_'; 9];
    let digits = crc32(body).to_le_bytes();
    for (pair, byte) in out[1..].as_chunks_mut::<2>().0.iter_mut().zip(digits) {
        *pair = [byte >> 4, byte & 15].map(|digit| BASE36[usize::from(digit)]);
    }
    out
}

/// Seven digits in base 36 of the CRC-32 of what stands before them. Source: "Routable Tokens" in GitLab's handbook, and `RoutableToken`.
pub(super) fn gitlab(body: &[u8]) -> [u8; 7] {
    digits(crc32(body), BASE36)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_values_hold() {
        // Of Grafana's own tests, and of the documentation of NATS ("NKeys").
        let grafana = ["glsa_", "iNValIdinValiDinvalidinvalidinva", "_5b582697"].concat();
        let seed = [
            "SUACSSL3UAHUDXKFSNVUZRF5UHPMW",
            "Z6BFDTJ7M6USDXIEDNPPQYYYCU3VY",
        ]
        .concat();
        for (sum, value) in [(Sum::Grafana, grafana), (Sum::Nkey, seed)] {
            let of = |value: &[u8]| checksum(sum, value, b"");
            assert_eq!(of(value.as_bytes()), Checksum::Holds, "{sum:?}");
            let mut other = value.into_bytes();
            other[20] = if other[20] == b'A' { b'B' } else { b'A' };
            assert_eq!(of(&other), Checksum::Differs, "{sum:?}");
        }
    }

    #[test]
    fn of_gitlab_only_the_new_form_has_one() {
        let body = ["gl", "pat-", "Zm9vYmFyYmF6cXV1eHF1dXV4cXU.01.0r"].concat();
        let sum = gitlab(body.as_bytes());
        assert!(sum.iter().all(u8::is_ascii_alphanumeric));
        let whole = [body.as_bytes(), &sum].concat();
        assert_eq!(checksum(Sum::Gitlab, &whole, b""), Checksum::Holds);
        let other = [body.as_bytes(), b"0000000"].concat();
        assert_eq!(checksum(Sum::Gitlab, &other, b""), Checksum::Differs);
        assert_eq!(
            checksum(Sum::Gitlab, &body.as_bytes()[..26], b""),
            Checksum::Undefined
        );
    }
}
