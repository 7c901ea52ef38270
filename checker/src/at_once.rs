//! Runs a function in several threads.

use std::panic::resume_unwind;
use std::sync::Mutex;
use std::{iter, thread};

/// Calls a function for each item, in several threads. It also gets the number of its thread,
/// from 0 to `most - 1`. The results have the order of the items.
/// If the system starts fewer threads, those threads handle all items. A panic of one is a panic of
/// the caller.
pub(crate) fn at_once<T: Sync, R: Send>(
    most: usize,
    all: &[T],
    work: impl Fn(usize, &T) -> R + Sync,
) -> Vec<R> {
    let rest = Mutex::new(all.iter().enumerate());
    // Each thread takes the next item when it has finished the last one.
    let next = || rest.lock().ok()?.next();
    let do_some = |number| -> Vec<(usize, R)> {
        let some = iter::from_fn(next);
        some.map(|(place, one)| (place, work(number, one)))
            .collect()
    };
    let mut done = thread::scope(|scope| {
        let start = |number| {
            let thread = thread::Builder::new();
            thread.spawn_scoped(scope, move || do_some(number)).ok()
        };
        let helpers: Vec<_> = (1..most.min(all.len())).map_while(start).collect();
        let mut done = do_some(0);
        for helper in helpers {
            done.extend(helper.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::at_once;
    use std::sync::Barrier;

    #[test]
    fn results_are_in_order() {
        let all: Vec<u32> = (0..100).collect();
        assert_eq!(
            at_once(8, &all, |_, number| number * 2),
            (0..200).step_by(2).collect::<Vec<_>>()
        );
        assert!(at_once(8, &[0; 0], |_, number| *number).is_empty());
    }

    #[test]
    #[should_panic = "helper"]
    fn no_result_is_lost_by_a_panic() {
        // Each of two threads takes one item.
        let both = Barrier::new(2);
        at_once(2, &[(), ()], |number, ()| {
            both.wait();
            assert_eq!(number, 0, "helper");
        });
    }
}
