//! Who sums what: an array split into as many parts as there are workers.

use std::ops::Range;

/// Splits `len` elements into `num` parts and yields the range of each.
///
/// Every element is in exactly one part, the parts are in order, and their
/// lengths differ by one at the most. With more parts than elements some parts
/// are empty; with no parts nothing is yielded.
///
/// ```
/// let parts: Vec<_> = common::split(10, 4).collect();
/// assert_eq!(parts, [0..2, 2..5, 5..7, 7..10]);
/// ```
pub fn split(len: usize, num: usize) -> impl ExactSizeIterator<Item = Range<usize>> {
    // The obvious `len / num` loses the elements that are left over, and its
    // ceiling runs past the end. Part `i` ends where part `i + 1` begins, at
    // `len * i / num`; the product needs more bits than a `usize` has.
    let boundary = move |i: usize| {
        let boundary = len as u128 * i as u128 / num as u128;
        usize::try_from(boundary).unwrap_or(len)
    };
    (0..num).map(move |i| boundary(i)..boundary(i + 1))
}

#[cfg(test)]
mod tests {
    use super::split;
    use proptest::prelude::*;

    fn check(len: usize, num: usize) -> Result<(), TestCaseError> {
        let parts: Vec<_> = split(len, num).collect();
        prop_assert_eq!(parts.len(), num);
        let mut next = 0;
        for part in &parts {
            prop_assert_eq!(part.start, next, "a gap or an overlap before {:?}", part);
            prop_assert!(part.end >= part.start);
            next = part.end;
        }
        prop_assert_eq!(next, len, "the tail is lost or overrun");
        let longest = parts.iter().map(ExactSizeIterator::len).max();
        let shortest = parts.iter().map(ExactSizeIterator::len).min();
        if let (Some(longest), Some(shortest)) = (longest, shortest) {
            prop_assert!(longest - shortest <= 1);
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn covers_every_element_once(len in 0_usize..100_000, num in 1_usize..=1024) {
            check(len, num)?;
        }

        #[test]
        fn more_parts_than_elements(len in 0_usize..20, num in 20_usize..=1024) {
            check(len, num)?;
        }

        #[test]
        fn lengths_up_to_the_largest(less in 0_usize..1000, num in 1_usize..=1024) {
            check(usize::MAX - less, num)?;
        }
    }

    #[test]
    fn no_parts() {
        assert_eq!(split(10, 0).count(), 0);
    }
}
