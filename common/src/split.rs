//! Splitting an array among workers.

/// Splits a slice into `num` parts, one for each worker.
///
/// Every element is in exactly one part. The parts keep the order of the slice,
/// and their lengths differ by at most one. If there are more parts than elements, some
/// parts are empty.
///
/// ```
/// let parts: Vec<_> = common::split(&[1, 2, 3, 4, 5, 6, 7], 3).collect();
/// assert_eq!(parts, [&[1, 2][..], &[3, 4], &[5, 6, 7]]);
/// ```
pub fn split<T>(slice: &[T], num: usize) -> impl ExactSizeIterator<Item = &[T]> {
    // Parts of `len / num` elements would lose the remainder. Parts of that length, rounded up,
    // would run past the end. So part `i` ends at the start of part `i + 1`. Part `i` starts at
    // `len * i / num`, and this product needs more than 64 bits.
    let boundary = move |i: usize| {
        let boundary = slice.len() as u128 * i as u128 / num as u128;
        usize::try_from(boundary).expect("a place in the slice")
    };
    (0..num).map(move |i| &slice[boundary(i)..boundary(i + 1)])
}

#[cfg(test)]
mod tests {
    use super::split;
    use proptest::prelude::*;

    fn check<T>(slice: &[T], num: usize) -> Result<(), TestCaseError> {
        let parts: Vec<_> = split(slice, num).collect();
        prop_assert_eq!(parts.len(), num);
        let mut rest = slice;
        for part in &parts {
            prop_assert!(
                std::ptr::eq(part.as_ptr(), rest.as_ptr()),
                "a gap or an overlap"
            );
            rest = rest.get(part.len()..).expect("a part within the slice");
        }
        prop_assert!(rest.is_empty(), "the last elements are lost");
        let lengths = || parts.iter().map(|part| part.len());
        prop_assert!(lengths().max() <= lengths().min().map(|shortest| shortest + 1));
        Ok(())
    }

    proptest! {
        #[test]
        fn covers_every_element_once(len in 0_usize..100_000, num in 1_usize..=1024) {
            check(&vec![0_u8; len], num)?;
        }

        #[test]
        fn more_parts_than_elements(len in 0_usize..20, num in 20_usize..=1024) {
            check(&vec![0_u8; len], num)?;
        }

        /// Elements of size zero: only a slice of these can be this long.
        #[test]
        fn lengths_up_to_the_largest(less in 0_usize..1000, num in 1_usize..=1024) {
            check(&vec![(); usize::MAX - less], num)?;
        }
    }

    #[test]
    fn no_parts() {
        assert_eq!(split(&[1, 2, 3], 0).count(), 0);
    }
}
