pub fn sum(numbers: &[u32]) -> u32 {
    numbers.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::sum;

    #[test]
    fn sums() {
        assert_eq!(sum(&[1, 2]), 3);
    }

    #[test]
    fn sums_wrong() {
        assert_eq!(sum(&[1, 2]), 4, "the sum is off");
    }

    #[test]
    fn flaky() {
        assert_ne!(std::env::var("NEXTEST_ATTEMPT").as_deref(), Ok("1"));
    }

    #[test]
    #[ignore = "slow"]
    fn ignored() {}
}
