//! What a program does in an explored schedule.

use crate::explore::{
    Doing, Ending, Explored, Kind, Outcome, PRINTED, Row, State, Step, used_lines,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The number of quoted steps before a cause, and from it on, and the number of causes. More are
/// for the command to show.
const BEFORE: usize = 2;
const FROM_ON: usize = 6;
const MOST_CAUSES: usize = 3;

impl Explored {
    /// The steps around the preemptions and spurious wake-ups of the failing schedule, in words, after
    /// the lines of the file that they name, and the command that shows all of them. In a deadlock, or
    /// if there are none, the last steps. If the program does not wait for its workers, only the steps
    /// of its main thread.
    pub(crate) fn evidence(&self, is_about_main: bool) -> Vec<String> {
        let Some(columns) = self.columns() else {
            return Vec::new();
        };
        let failure = columns.failure;
        let rows = columns.rows.iter();
        let rows: Vec<&Row> = rows.filter(|row| !is_about_main || row.task == 0).collect();
        // The schedule preempts or wakes a task here that would have gone on otherwise.
        let is_cause = |row: &Row| row.preempted.is_some() || row.doing == Doing::IsWokenSpuriously;
        let is_deadlock = failure.outcome.ending == Ending::Deadlock;
        let has_causes = !is_about_main && !is_deadlock;
        let causes = (0..rows.len()).filter(|place| has_causes && is_cause(rows[*place]));
        let mut shown = BTreeSet::new();
        for cause in causes.take(MOST_CAUSES) {
            shown.extend(cause.saturating_sub(BEFORE)..rows.len().min(cause + FROM_ON));
            // The preempted task goes on later. It may store an old value.
            let goes_on = |place: &usize| rows[cause].preempted == Some(rows[*place].task);
            shown.extend((cause..rows.len()).find(goes_on));
        }
        if shown.is_empty() {
            shown.extend(rows.len().saturating_sub(BEFORE + FROM_ON)..rows.len());
        }
        let lines = used_lines(shown.iter().map(|place| rows[*place]));
        let lines = lines.into_iter().map(|line| columns.source(line));
        let steps = shown.iter().flat_map(|place| {
            let row = rows[*place];
            let line = row.line.map(|line| format!("line {line}: "));
            let name = failure.outcome.name(row.task);
            let step = format!("{}{name} {}", line.unwrap_or_default(), row.what());
            let follows = shown.first() == Some(place) || shown.contains(&(place - 1));
            (!follows).then(|| "...".into()).into_iter().chain([step])
        });
        let mut evidence: Vec<String> = lines.chain(steps).chain(columns.stuck()).collect();
        evidence.push(format!("see it again: {}", self.command(&failure.order)));
        evidence
    }

    /// Says that the failing schedule loses an update, by these counts, and what it shows about the
    /// locks of libc and the standard library.
    pub(crate) fn lost_update(&self, counts: &str) -> String {
        match self.lock_mistake() {
            Some(mistake) => format!("an update is lost: {counts}. {mistake}"),
            None => format!(
                "an update is lost although there is a lock: {counts}. Each worker must take the \
                 lock, and keep it from the load to the store"
            ),
        }
    }

    /// The mistake of workers that have no lock in common in the failing schedule.
    fn lock_mistake(&self) -> Option<&'static str> {
        let mut users: BTreeMap<char, BTreeSet<u8>> = BTreeMap::new();
        let mut holders: BTreeMap<char, BTreeSet<u8>> = BTreeMap::new();
        let mut asked = BTreeMap::new();
        let columns = self.columns();
        let rows = columns.iter().flat_map(|columns| &columns.rows);
        let is_known = rows.clone().any(|row| row.line.is_some());
        let mut later = rows.clone();
        while let Some(row) = later.find(|row| row.doing == Doing::TriesToLockInVain) {
            let next = later.clone().find(|next| next.task == row.task);
            if next.is_some_and(|next| next.doing == Doing::Uses) {
                return Some(
                    "A worker tries to get the lock, and goes on although it does not get it",
                );
            }
        }
        for row in rows.filter(|row| row.task != 0) {
            match row.doing {
                Doing::Waits | Doing::Releases(_) => {
                    // A wait for a condition variable releases a lock too. A wait for the end of a
                    // task does not.
                    for holders in holders.values_mut() {
                        holders.remove(&row.task);
                    }
                    asked.retain(|task, _| row.doing == Doing::Waits || *task != row.task);
                }
                Doing::Locks(lock) => {
                    users.entry(lock).or_default().insert(row.task);
                    asked.insert(row.task, lock);
                }
                _ => {
                    // If it has asked for a lock, it has the lock now.
                    let got = asked.remove(&row.task);
                    let holders = got.map(|lock| holders.entry(lock).or_default());
                    if holders.is_some_and(|holders| holders.insert(row.task) && holders.len() > 1)
                    {
                        return Some("The lock lets several workers in at the same time");
                    }
                }
            }
        }
        let workers: BTreeSet<&u8> = users.values().flatten().collect();
        match workers.len() {
            // Without debug information, locks of the standard library are not seen.
            0 if !is_known => {
                Some("From the load to the store, no lock keeps the other workers out")
            }
            0 => Some(
                "From the load to the store, no lock keeps the other workers out: there is none, \
                 or a lock that the program makes itself lets several in",
            ),
            2.. if users.values().all(|users| users.len() == 1) => {
                Some("Each worker uses a lock of its own: all must use the same one")
            }
            _ => None,
        }
    }
}

impl Outcome {
    /// Whether all tasks but the first have ended.
    pub(crate) fn only_main_is_left(&self) -> bool {
        let mut others = self.tasks.iter().skip(1);
        others.all(|task| task.state == State::Ended)
    }

    /// Whether a task was woken spuriously. The search has found that the program fails only then.
    pub(crate) fn wakes_spuriously(&self) -> bool {
        self.steps.iter().any(Step::is_spurious)
    }

    /// A worker that still runs after the program has printed its result.
    pub(crate) fn runs_after_the_result(&self) -> Option<u8> {
        // Workers may print too. The result is printed last.
        let is_print = |step: &Step| step.kind() == Kind::Release && step.address == PRINTED;
        let last = self.steps.iter().rposition(is_print);
        let after = &self.steps[last.unwrap_or(self.steps.len())..];
        let printer = after.first().map_or(0, |step| step.task);
        let mut tasks = (0..).zip(&self.tasks).skip(1);
        let late = tasks.find(|(number, task)| {
            let mut own = after.iter().filter(|step| step.task == *number);
            let runs_on = own.any(|step| !matches!(step.kind(), Kind::End | Kind::Killed));
            task.state != State::Ended || runs_on && *number != printer
        });
        late.map(|(number, _)| number)
    }

    /// A worker process that is killed before it has ended.
    pub(crate) fn killed_worker(&self) -> Option<u8> {
        let mut steps = self.steps.iter();
        let killed = steps.find(|step| step.kind() == Kind::Killed);
        killed.map(|step| step.task)
    }

    /// Whether a worker was created before another one had ended.
    pub(crate) fn workers_overlap(&self) -> bool {
        let mut alive = 0;
        self.steps.iter().any(|step| {
            match step.kind() {
                Kind::Birth => alive += 1,
                Kind::End | Kind::Killed if step.task != 0 => alive -= 1,
                _ => {}
            }
            alive > 1
        })
    }

    /// Whether a worker process adds 1 to a copy of the variable with this result: both the worker
    /// and the first process have memory of their own at its address.
    pub(crate) fn adds_to_a_copy(&self, result: i64) -> bool {
        let of = |is_main: bool, kind, value: i64| {
            let steps = self.steps.iter().filter(move |step| step.kind() == kind);
            let steps = steps.filter(move |step| (step.task == 0) == is_main && step.owner != 0);
            steps.filter(move |step| step.value == value.cast_unsigned())
        };
        let of_main = of(true, Kind::Load, result).map(|step| (step.address, step.owner));
        let of_main: HashMap<u64, u32> = of_main.collect();
        of(false, Kind::Store, result.wrapping_add(1)).any(|step| {
            let owner = of_main.get(&step.address);
            owner.is_some_and(|owner| *owner != step.owner)
        })
    }

    /// The loads and stores, in the order in which they take effect. A preempted task makes the
    /// access of its step when it continues.
    fn accesses(&self) -> impl Iterator<Item = &Step> {
        let mut next = HashMap::new();
        self.steps.iter().filter_map(move |step| {
            if step.is_access() {
                next.insert(step.task, step);
            }
            next.remove(&step.chosen)
        })
    }

    /// Whether another task stores to a variable after the first task has read it for the last time.
    pub(crate) fn reads_too_early(&self) -> bool {
        // The variables that the first task has read, and whether it must read them again.
        let mut read = HashMap::new();
        for step in self.accesses() {
            match (step.kind(), step.task) {
                (Kind::Load, 0) => drop(read.insert(step.address, false)),
                (Kind::Store, 1..) => drop(read.get_mut(&step.address).map(|again| *again = true)),
                _ => {}
            }
        }
        read.into_values().any(|again| again)
    }

    /// Whether at least one variable ends with this value, and no update was lost in any variable
    /// that ends with it. An update is lost if a task stores to the variable, and another task has
    /// changed it since the storing task last accessed it.
    pub(crate) fn overwrites_nothing(&self, last: i64) -> bool {
        let mut known = HashMap::new();
        // The last value of each variable, and whether a store was overwritten.
        let mut variables: HashMap<u64, (u64, bool)> = HashMap::new();
        for step in self.accesses() {
            let (value, is_lost) = variables.entry(step.address).or_insert((step.value, false));
            let known = known.insert((step.task, step.address), step.value);
            *is_lost |= step.kind() == Kind::Store && known.is_some_and(|known| known != *value);
            *value = step.value;
        }
        let results = variables.into_values();
        let of_result = results.filter(|(value, _)| *value == last.cast_unsigned());
        let are_lost: Vec<bool> = of_result.map(|(_, is_lost)| is_lost).collect();
        !are_lost.is_empty() && !are_lost.contains(&true)
    }
}
