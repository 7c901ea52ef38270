//! The work of each worker: the sum of its part of the array.

/// The sum of `part`.
///
/// It adds the numbers as 64-bit numbers. An overflow would need more than 2³² numbers close to
/// `i32::MAX` or `i32::MIN`. These take more than 16 GiB, far more than the arrays of the lab.
///
/// ```
/// assert_eq!(common::partial_sum(&[i32::MAX, 1]), 2_147_483_648);
/// assert_eq!(common::partial_sum(&[]), 0);
/// ```
#[must_use]
pub fn partial_sum(part: &[i32]) -> i64 {
    // By default, the compiler uses vectors of 128 bits, which every x86-64 CPU has. Nearly all
    // of these CPUs also have vectors of 256 bits (AVX2). With these, the sum of numbers in a
    // cache takes a third of the time. Vectors of 512 bits were not faster where we measured. On
    // ARM, the compiler uses the 128 bits of NEON.
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: this CPU has the instructions.
        return unsafe { sum_with_avx2(part) };
    }
    sum(part)
}

/// The same source, compiled for AVX2.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn sum_with_avx2(part: &[i32]) -> i64 {
    sum(part)
}

/// Adds the numbers one by one. The compiler turns this into the vector instructions that the
/// calling function may use.
#[inline(always)]
fn sum(part: &[i32]) -> i64 {
    // No sum wraps here, but a plain `+` has an overflow check in a development build. This
    // check prevents vector instructions.
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
        /// Compares it with 128-bit arithmetic, at every alignment of a part.
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
            // The variant for a CPU without AVX2.
            prop_assert_eq!(i128::from(sum(part)), exact);
        }
    }
}
