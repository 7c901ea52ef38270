//! Verdict: passed
//!
//! The numbers are floats in structures with other fields.

use anyhow::{Result, anyhow};
use common::args;
use std::sync::{Arc, Mutex};
use std::thread;

struct Item {
    name: String,
    value: f64,
}

fn main() -> Result<()> {
    args::none();
    let items = (1..=400).map(|number| Item {
        name: format!("item {number}"),
        value: f64::from(number),
    });
    let items = Arc::new(Mutex::new(items.collect::<Vec<_>>()));
    let shared = Arc::clone(&items);
    let negator = thread::spawn(move || {
        for item in shared.lock().expect("no panic").iter_mut() {
            item.value = -item.value;
        }
    });
    negator.join().map_err(|_| anyhow!("the thread panicked"))?;
    let items = items.lock().map_err(|_| anyhow!("poisoned"))?;
    for item in items.iter().filter(|item| !item.name.is_empty()) {
        println!("{}", item.value);
    }
    Ok(())
}
