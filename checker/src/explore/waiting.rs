//! The schedules that wait to be tried, and their order.

use super::layout::{Kind, MOST_CHOICES, MOST_TASKS};
use super::order::Order;
use super::search::Coverage;
use super::session::{Outcome, Step};
use rustc_hash::{FxHashMap, FxHasher};
use std::cell::LazyCell;
use std::collections::{HashSet, VecDeque};
use std::hash::Hasher;
use std::rc::Rc;

/// The limit of schedules that wait to be tried, for each queue.
const MOST_KEPT: usize = 1 << 18;

/// After this number of rounds in which a task repeats the same load, and no other task runs,
/// later rounds are the same point.
const MOST_ROUNDS: u32 = 30;

/// The last queue of those for a number of preemptions.
const WORST: usize = 3;

/// Counts rounds in which a task repeats the same load.
#[derive(Default)]
struct Rounds {
    task: usize,
    load: Option<(u64, u64, u64)>,
    count: u32,
}

impl Rounds {
    /// Whether the task has done the same before this step.
    fn repeats(&mut self, step: &Step) -> bool {
        let load = Some((step.pc, step.address, step.value));
        match step.kind {
            Kind::Edge if step.task == self.task => {}
            Kind::Load if step.task == self.task && self.load == load => self.count += 1,
            _ => {
                *self = Self {
                    task: step.task,
                    load: load.filter(|_| step.kind == Kind::Load),
                    count: 0,
                };
            }
        }
        self.count > MOST_ROUNDS
    }
}

/// The steps in which a task is at a place in the program for the first time or the last one.
/// The place of a call of libc is not known, only its object.
fn first_and_last_times(steps: &[Step]) -> Vec<bool> {
    let mut last = FxHashMap::default();
    let mut ends = vec![false; steps.len()];
    for (number, step) in steps.iter().enumerate() {
        let place = if step.pc == 0 { step.address } else { step.pc };
        let before = last.insert((step.task, step.kind as u8, place), number);
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
        let is_store = match step.kind {
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

/// The place of each task's first step. Workers that have not begun, and begin at the same place,
/// are alike.
fn first_places(steps: &[Step]) -> [u64; MOST_TASKS] {
    let mut places = [0; MOST_TASKS];
    for step in steps.iter().rev() {
        places[step.task] = step.pc;
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
        if numbers[step.task] == 0 {
            tasks += 1;
            numbers[step.task] = tasks;
        }
        hasher.write_u64(numbers[step.task]);
        hasher.write_u64(step.pc << 8 | step.kind as u64);
    }
    hasher.finish()
}

/// Schedules that wait to be tried: those with few preemptions first, and of them those that
/// preempt at promising places.
pub(super) struct Waiting {
    /// Four queues for each number of preemptions, from promising places to others:
    ///
    /// 0. calls, atomic read-modify-writes, and the loads and stores that another task conflicts
    ///    with later;
    /// 1. other loads and stores of shared addresses;
    /// 2. all other loads and stores, and basic blocks;
    /// 3. places where another one of several like workers begins, and schedules with the
    ///    pattern of an earlier one.
    ///
    /// If a task passes a place often, all times but the first and the last one belong to the
    /// next queue. A schedule is in the queue of its worst place.
    queues: Vec<[Queue; 4]>,
    /// The limit of each queue. The search tries no more schedules than that.
    most: usize,
    /// The patterns of all schedules so far.
    patterns: HashSet<u64>,
    is_cut: bool,
}

#[derive(Default)]
struct Queue {
    /// Each is the schedule that it differs from, and one more choice.
    waiting: VecDeque<(Rc<Order>, (u32, u8))>,
    /// The number of schedules that were taken out of it.
    taken: usize,
}

impl Waiting {
    pub(super) fn new(preemptions: usize, schedules: usize) -> Self {
        let queues = (0..=preemptions).map(|_| Default::default()).collect();
        Self {
            queues,
            most: schedules.min(MOST_KEPT),
            patterns: HashSet::new(),
            is_cut: false,
        }
    }

    pub(super) fn len(&self) -> usize {
        let queues = self.queues.iter().flatten();
        queues.map(|queue| queue.waiting.len()).sum()
    }

    /// The next schedules, all with the same number of preemptions.
    pub(super) fn take(&mut self, most: usize) -> Vec<(Order, usize, usize)> {
        let all = self.queues.iter_mut().enumerate();
        let all = all.flat_map(|(preemptions, queues)| {
            let classes = queues.iter_mut().enumerate();
            classes.map(move |(class, queue)| (preemptions, class, queue))
        });
        // Two preemptions at loads and stores take turns with one at a basic block.
        let next = all
            .filter(|(.., queue)| !queue.waiting.is_empty())
            .min_by_key(|(preemptions, class, queue)| (preemptions + class, queue.taken, *class));
        if let Some((preemptions, class, queue)) = next {
            let count = most.min(queue.waiting.len());
            queue.taken += count;
            let taken = queue.waiting.drain(..count);
            let order = |(schedule, choice): (Rc<Order>, _)| {
                let mut order = Order::clone(&schedule);
                order.choices.push(choice);
                (order, preemptions, class)
            };
            return taken.map(order).collect();
        }
        Vec::new()
    }

    /// The number of preemptions that are covered.
    pub(super) fn covered(&self) -> Option<usize> {
        let begun = self
            .queues
            .iter()
            .position(|queues| queues.iter().any(|queue| !queue.waiting.is_empty()));
        match begun.unwrap_or(self.queues.len()) {
            _ if self.is_cut => None,
            begun => begun.checked_sub(1),
        }
    }

    /// Adds the schedules that differ from this one in one more choice, after its last.
    pub(super) fn add_all(
        &mut self,
        schedule: &Order,
        preemptions: usize,
        class: usize,
        outcome: &Outcome,
        covered: &mut Coverage,
    ) {
        let is_repeated = !self.patterns.insert(pattern(&outcome.steps));
        let class = class.max(if is_repeated { WORST } else { 0 });
        let after = schedule.choices.last().map_or(0, |(step, _)| step + 1);
        let mut points = 0;
        let shared = LazyCell::new(|| outcome.shared_addresses());
        let ends = LazyCell::new(|| first_and_last_times(&outcome.steps));
        let conflicts = LazyCell::new(|| later_conflicts(&outcome.steps));
        let schedule = Rc::new(schedule.clone());
        let mut rounds = Rounds::default();
        let mut started = 0;
        let begins_at = first_places(&outcome.steps);
        for (number, step) in (0..).zip(&outcome.steps) {
            started |= 1 << step.task;
            let mut others = step.enabled & !(1 << step.chosen);
            if rounds.repeats(step) || others == 0 {
                continue;
            }
            points += 1;
            let is_free = step.enabled & 1 << step.task == 0;
            let cost = preemptions + usize::from(!is_free);
            let Some(queues) = self.queues.get_mut(cost) else {
                continue;
            };
            if number < after || schedule.choices.len() == MOST_CHOICES {
                continue;
            }
            let is_full = |queue: &Queue| queue.waiting.len() >= self.most;
            if queues[class..].iter().all(is_full) {
                self.is_cut |= self.most == MOST_KEPT;
                continue;
            }
            let place = number as usize;
            let own_class = match step.kind {
                Kind::Load | Kind::Store if !shared.contains(&step.address) => 2,
                Kind::Load | Kind::Store if !conflicts[place] => 1,
                Kind::Edge if step.size == 0 => 2,
                _ => 0,
            } + usize::from(!ends[place]);
            let class = class.max(own_class);
            while others != 0 {
                let task = others.trailing_zeros() as usize;
                others &= !(1 << task);
                let is_twin = |other: usize| {
                    let is_new = step.enabled & !started & 1 << other != 0;
                    is_new && begins_at[other] == begins_at[task]
                };
                let has_twin =
                    started & 1 << task == 0 && (is_twin(step.chosen) || (0..task).any(is_twin));
                let class = if has_twin { WORST } else { class };
                let choice = (number, u8::try_from(task).unwrap_or(0));
                match is_full(&queues[class]) {
                    true => self.is_cut |= self.most == MOST_KEPT,
                    false => {
                        let next = (Rc::clone(&schedule), choice);
                        queues[class].waiting.push_back(next);
                    }
                }
            }
        }
        covered.points = covered.points.max(points);
    }
}
