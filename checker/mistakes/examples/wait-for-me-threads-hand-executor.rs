//! Verdict: passed
//!
//! Async by hand: a future that is ready when the thread is done, a waker that unparks the main
//! thread, and an executor of ten lines (`block_on`) that polls and parks.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

#[derive(Default)]
struct State {
    done: bool,
    waker: Option<Waker>,
}

/// Ready as soon as the work in the thread is done.
struct InThread(Arc<Mutex<State>>);

impl InThread {
    fn run(work: fn()) -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let of_thread = Arc::clone(&state);
        thread::spawn(move || {
            work();
            let mut state = of_thread.lock().unwrap_or_else(PoisonError::into_inner);
            state.done = true;
            if let Some(waker) = state.waker.take() {
                waker.wake();
            }
        });
        Self(state)
    }
}

impl Future for InThread {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.done {
            return Poll::Ready(());
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            // May also return without a reason; then we poll once more.
            Poll::Pending => thread::park(),
        }
    }
}

async fn async_main() -> Result<()> {
    InThread::run(negate_numbers).await;
    print_slowly(&NUMBERS)
}

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    block_on(async_main())
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
