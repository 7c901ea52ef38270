//! The kernel of the lab: what every worker does with its part.

/// The sum of `part`.
///
/// The numbers are widened to 64 bits before they are added, so the sum is
/// right for every `i32`: it takes more than 2³² numbers, all of them close to
/// the largest or the smallest, to leave the range of an `i64`.
///
/// ```
/// assert_eq!(common::partial_sum(&[i32::MAX, 1]), 2_147_483_648);
/// assert_eq!(common::partial_sum(&[]), 0);
/// ```
#[must_use]
pub fn partial_sum(part: &[i32]) -> i64 {
    // A program is compiled for every x86-64, so with vectors of 128 bits. Nearly
    // all of them have 256, with which this is three times as fast as long as the
    // numbers are in a cache. (512 bits are not faster. ARM has one size, which
    // the compiler uses anyway.)
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: this CPU has the instructions.
        return unsafe { sum_with_avx2(part) };
    }
    sum(part)
}

/// The same source, compiled for more CPU.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn sum_with_avx2(part: &[i32]) -> i64 {
    sum(part)
}

/// One number after the other. The compiler makes vector instructions of it, if the
/// function that it is inlined into may use them.
#[inline(always)]
fn sum(part: &[i32]) -> i64 {
    // `wrapping_add`, although nothing wraps: the overflow check that a
    // development build puts behind a plain `+` keeps the compiler from using
    // vectors, at several times the cost.
    part.iter()
        .fold(0, |sum: i64, &number| sum.wrapping_add(i64::from(number)))
}

#[cfg(test)]
mod tests {
    use super::{partial_sum, sum};
    use proptest::prelude::*;

    #[test]
    fn extremes_do_not_overflow() {
        let smallest = vec![i32::MIN; 1 << 16];
        assert_eq!(partial_sum(&smallest), i64::from(i32::MIN) << 16);
        let largest = vec![i32::MAX; 1 << 16];
        assert_eq!(partial_sum(&largest), i64::from(i32::MAX) << 16);
    }

    proptest! {
        /// Against 128-bit arithmetic, one number at a time, at every
        /// alignment that a part can have.
        #[test]
        fn agrees_with_exact_arithmetic(
            numbers in prop::collection::vec(any::<i32>(), 0..1000),
            start in 0_usize..16,
        ) {
            let part = numbers.get(start..).unwrap_or_default();
            let mut exact = 0_i128;
            for &number in part {
                exact += i128::from(number);
            }
            prop_assert_eq!(i128::from(partial_sum(part)), exact);
            // What is used on a CPU with less.
            prop_assert_eq!(i128::from(sum(part)), exact);
        }
    }
}
