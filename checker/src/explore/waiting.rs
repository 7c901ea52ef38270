//! The schedules that wait to be tried, and their order.

use super::layout::{Choice, Kind, MOST_CHOICES, MOST_TASKS, Step, tasks_in};
use super::order::Order;
use super::session::Outcome;
use rustc_hash::{FxHashMap, FxHasher};
use std::cell::LazyCell;
use std::collections::{BTreeMap, HashSet, VecDeque};
use std::hash::Hasher;
use std::mem;
use std::rc::Rc;

/// After this number of rounds in which a task repeats the same load, later rounds are the same
/// point.
const MOST_ROUNDS: u32 = 30;

/// The last class of places.
const WORST: usize = 3;

/// The steps of later rounds in which a task repeats the same load, and no other task runs.
fn later_rounds(steps: &[Step]) -> Vec<bool> {
    // The task, and the place, address and value of its load.
    let mut load = None::<(u8, u64, u64, u64)>;
    let mut rounds = 0;
    let is_later = |step: &Step| {
        let own = Some((step.task, step.pc, step.address, step.value));
        match step.kind() {
            Kind::Edge if load.is_some_and(|(task, ..)| task == step.task) => {}
            Kind::Load if load == own => rounds += 1,
            kind => (load, rounds) = (own.filter(|_| kind == Kind::Load), 0),
        }
        rounds > MOST_ROUNDS
    };
    steps.iter().map(is_later).collect()
}

/// The steps in which a task is at a place in the program for the first time or the last one.
fn first_and_last_times(steps: &[Step]) -> Vec<bool> {
    let mut last = FxHashMap::default();
    let mut ends = vec![false; steps.len()];
    for (number, step) in steps.iter().enumerate() {
        let before = last.insert((step.task, step.kind, step.pc), number);
        ends[number] = before.is_none();
    }
    last.into_values().for_each(|number| ends[number] = true);
    ends
}

/// The loads and stores that another task conflicts with later: it uses the same address, and one
/// of the two is a store.
fn later_conflicts(steps: &[Step]) -> Vec<bool> {
    // For each address: the tasks that load it later, and those that store to it.
    let mut later: FxHashMap<u64, [u64; 2]> = FxHashMap::default();
    let mut conflicts = vec![false; steps.len()];
    for (number, step) in steps.iter().enumerate().rev() {
        let is_store = match step.kind() {
            Kind::Load => false,
            Kind::Store => true,
            _ => continue,
        };
        let [loads, stores] = later.entry(step.address).or_default();
        let others = if is_store { *loads | *stores } else { *stores };
        conflicts[number] = others & !(1 << step.task) != 0;
        *(if is_store { stores } else { loads }) |= 1 << step.task;
    }
    conflicts
}

/// The last steps before a task begins to sleep. If another one wakes it there, that is lost.
fn last_before_sleep(steps: &[Step]) -> Vec<bool> {
    let mut sleeps_next = [false; MOST_TASKS];
    let mut last = vec![false; steps.len()];
    for (number, step) in steps.iter().enumerate().rev() {
        let next = &mut sleeps_next[usize::from(step.task)];
        last[number] = mem::replace(next, step.begins_to_sleep());
    }
    last
}

/// The place of each task's first step. Workers that have not begun, and begin at the same place,
/// are alike.
fn first_places(steps: &[Step]) -> [u64; MOST_TASKS] {
    let mut places = [0; MOST_TASKS];
    for step in steps.iter().rev() {
        places[usize::from(step.task)] = step.pc;
    }
    places
}

/// Identifies schedules that differ only in which task does what: each worker usually does the
/// same. Tasks count in the order of their first steps.
fn pattern(steps: &[Step]) -> u64 {
    let mut numbers = [0; MOST_TASKS];
    let mut tasks = 0;
    let mut hasher = FxHasher::default();
    for step in steps {
        let number = &mut numbers[usize::from(step.task)];
        if *number == 0 {
            tasks += 1;
            *number = tasks;
        }
        hasher.write_u64(*number);
        hasher.write_u64(step.pc << 8 | u64::from(step.kind));
    }
    hasher.finish()
}

/// The number of preemptions of a schedule, and the class of its worst place.
pub(super) type Key = (usize, usize);

/// Schedules that wait to be tried: those with few preemptions first, and of them those that
/// preempt at promising places.
#[derive(Default)]
pub(super) struct Waiting {
    /// By the number of preemptions and the class of places:
    ///
    /// 0. calls, atomic read-modify-writes, the last places before a task sleeps, and the loads and
    ///    stores that another task conflicts with later;
    /// 1. other loads and stores of shared addresses;
    /// 2. all other loads and stores, and basic blocks;
    /// 3. places where another one of several like workers begins, and schedules with the
    ///    pattern of an earlier one.
    ///
    /// If a task passes a place often, all times but the first and the last one belong to the
    /// next class.
    queues: BTreeMap<Key, Queue>,
    /// The largest number of preemptions.
    preemptions: usize,
    /// The limit of each queue. The search tries no more schedules than that.
    most: usize,
    /// The patterns of all schedules so far.
    patterns: HashSet<u64>,
}

#[derive(Default)]
struct Queue {
    /// Each is the schedule that it differs from, and one more choice.
    waiting: VecDeque<(Rc<Order>, Choice)>,
    /// The number of schedules that were taken out of it.
    taken: usize,
}

impl Waiting {
    pub(super) fn new(preemptions: usize, schedules: usize) -> Self {
        Self {
            preemptions,
            most: schedules,
            ..Self::default()
        }
    }

    /// The next schedules, all with the same number of preemptions and the same class.
    pub(super) fn take(&mut self, most: usize) -> (Key, Vec<Order>) {
        let queues = self.queues.iter_mut();
        let some = queues.filter(|(_, queue)| !queue.waiting.is_empty());
        // Two preemptions at loads and stores take turns with one at a basic block.
        let next = some
            .min_by_key(|((preemptions, class), queue)| (preemptions + class, queue.taken, *class));
        let Some((key, queue)) = next else {
            return Default::default();
        };
        let count = most.min(queue.waiting.len());
        queue.taken += count;
        let taken = queue.waiting.drain(..count);
        let orders = taken.map(|(schedule, choice)| {
            let mut order = Order::clone(&schedule);
            order.choices.push(choice);
            order
        });
        (*key, orders.collect())
    }

    /// The number of preemptions that are covered.
    pub(super) fn covered(&self) -> Option<usize> {
        let mut queues = self.queues.iter();
        match queues.find(|(_, queue)| !queue.waiting.is_empty()) {
            Some(((preemptions, _), _)) => preemptions.checked_sub(1),
            None => Some(self.preemptions),
        }
    }

    fn is_full(&self, key: Key) -> bool {
        let queue = self.queues.get(&key);
        queue.is_some_and(|queue| queue.waiting.len() >= self.most)
    }

    /// Adds the schedules that differ from this one in one more choice, after its last.
    pub(super) fn add_all(&mut self, tried: &Order, key: Key, outcome: &Outcome) {
        let steps = &outcome.steps;
        let is_repeated = !self.patterns.insert(pattern(steps));
        let (tried_preemptions, class) = key;
        let class = if is_repeated { WORST } else { class };
        let choices = &tried.choices;
        let after = choices.last().map_or(0, |choice| choice.step + 1);
        let shared = LazyCell::new(|| outcome.shared_addresses());
        let ends = LazyCell::new(|| first_and_last_times(steps));
        let conflicts = LazyCell::new(|| later_conflicts(steps));
        let schedule = Rc::new(tried.clone());
        let later_rounds = later_rounds(steps);
        let goes_to_sleep = last_before_sleep(steps);
        let mut started: u64 = 0;
        let begins_at = first_places(steps);
        for (number, step) in (0..).zip(steps) {
            started |= 1 << step.task;
            let spurious = u64::from(step.begins_to_sleep()) << step.task;
            let others = (step.enabled | spurious) & !(1 << step.chosen);
            let place = number as usize;
            let preemptions = tried_preemptions + usize::from(step.is_enabled(step.task));
            if (later_rounds[place] || others == 0 || number < after)
                || (preemptions > self.preemptions || choices.len() == MOST_CHOICES)
                || (class..=WORST).all(|class| self.is_full((preemptions, class)))
            {
                continue;
            }
            let own_class = match step.kind() {
                Kind::Load | Kind::Store if !shared.contains(&step.address) => 2,
                Kind::Load | Kind::Store if !conflicts[place] => 1,
                Kind::Edge if step.size == 0 && !goes_to_sleep[place] => 2,
                _ => 0,
            } + usize::from(!ends[place]);
            let class = class.max(own_class);
            let is_new = |task: u8| started & 1 << task == 0;
            for task in tasks_in(others) {
                let is_twin = |other: u8| {
                    let is_new = is_new(other) && step.is_enabled(other);
                    is_new && begins_at[usize::from(other)] == begins_at[usize::from(task)]
                };
                let has_twin = is_new(task) && (is_twin(step.chosen) || (0..task).any(is_twin));
                // A spurious wake-up counts as a preemption.
                let preemptions = preemptions + usize::from(spurious & 1 << task != 0);
                let key = (preemptions, if has_twin { WORST } else { class });
                if preemptions <= self.preemptions && !self.is_full(key) {
                    let choice = Choice { step: number, task };
                    let waiting = &mut self.queues.entry(key).or_default().waiting;
                    waiting.push_back((Rc::clone(&schedule), choice));
                }
            }
        }
    }
}
