//! The quizzes: every answer has its reason, and is true; asking them.

use crate::programs::{WORKSPACE, command, traced};
use crate::support::{Folder, Ran, Result, assert_has, assert_lacks, lab, root, run};
use crate::text::{pages, read};
use checker::mistakes::mistakes;
use checker::quiz::{Question, quizzes};
use engine::{Kind, Observed};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

fn all_questions() -> Vec<Question> {
    let quizzes = quizzes(&WORKSPACE).expect("quizzes").into_iter();
    quizzes.flat_map(|quiz| quiz.questions).collect()
}

#[track_caller]
fn question(id: &str) -> Question {
    let mut questions = all_questions().into_iter();
    questions.find(|question| question.id == id).expect(id)
}

/// Lists and explanations for teachers.
const WITHOUT_QUESTIONS: &str = "SUMMARY engine figures glossary jail schedules verdicts";

/// The pages of the guide show them with mdbook-quiz.
#[test]
fn each_chapter_has_questions_that_mdbook_can_show() {
    let quizzes = quizzes(&WORKSPACE).expect("quizzes");
    for page in pages() {
        let chapter = page.name();
        if WITHOUT_QUESTIONS.split(' ').any(|name| name == chapter) {
            continue;
        }
        let include = format!("{{{{#quiz ../quizzes/{chapter}.toml}}}}");
        assert_has(&page.text, &[&include]);
        let quiz = quizzes.iter().find(|quiz| quiz.chapter == chapter);
        let count = quiz.expect(chapter).questions.len();
        assert!(count >= 2, "{chapter}");
        let file = root().join(format!("book/quizzes/{chapter}.toml"));
        let shown: mdbook_quiz_schema::Quiz = toml::from_str(&read(&file)).expect(chapter);
        assert_eq!(shown.questions.len(), count, "{chapter}");
    }
    let ids: BTreeSet<String> = all_questions().into_iter().map(|q| q.id).collect();
    assert_eq!(ids.len(), all_questions().len());
}

#[test]
fn each_wrong_answer_has_its_reason() {
    for question in all_questions() {
        let lines = question.explanation.lines();
        let reasons: Vec<_> = lines.filter_map(|line| line.strip_prefix("- ")).collect();
        for choice in &question.choices {
            let start = format!("\"{choice}\" is wrong: ");
            let has_reason = reasons.iter().any(|reason| reason.starts_with(&start));
            assert_eq!(has_reason, *choice != question.answer, "{choice}");
        }
        let is_explained = reasons.len() >= 2 && !question.explanation.starts_with("- ");
        assert!(is_explained, "{}", question.id);
    }
}

#[track_caller]
fn is_the_answer(id: &str, fact: impl ToString) {
    let (question, fact) = (question(id), fact.to_string());
    assert!(question.is_right(&fact), "{fact}: {question:#?}");
}

fn observe(line: &str) -> Observed {
    traced(line).observe().expect("it can be traced")
}

#[test]
fn answers_are_true() -> Result {
    let observed = observe("seg-fault processes-solution 4 --len 1000");
    let processes = observed.created(Kind::Process);
    let ends = processes.filter_map(|(_, task)| task.ended);
    let statuses: Vec<_> = ends.map(|(_, status)| status).collect();
    let [0, 0, faulty, 0] = statuses[..] else {
        panic!("{statuses:?}");
    };
    is_the_answer("safety-status", faulty);

    let status = Command::new("sh").args(["-c", "exit 3"]).status()?;
    is_the_answer("safety-exited", status.into_raw());
    for (id, mut command) in [
        ("start-exit-status", command("sum-array threads")),
        ("teachers-exit-status", lab("check wait-for-you")),
    ] {
        let status = run(&mut command).status;
        is_the_answer(id, status.code().ok_or("an end")?);
    }

    let mistakes = mistakes(&WORKSPACE)?;
    let mut mistakes = mistakes.iter();
    let sleeps = mistakes.find(|mistake| mistake.name == "sleep-instead-of-join");
    let verdict = &sleeps.ok_or("a mistake")?.expected;
    is_the_answer("waiting-sleep", format!("`{verdict}`"));

    // The corrupting process has a page fault for each page of the array, and a few more.
    let observed = observe("memory-corruption processes 1 corrupt --pages small");
    let processes = observed.created(Kind::Process);
    let faults = processes.filter_map(|(_, task)| task.minor_faults);
    let faults: Vec<_> = faults.collect();
    let pages: u64 = question("memory-pages").answer.parse()?;
    assert_eq!(faults.len(), 2);
    assert!((pages..pages + 100).contains(&faults[1]), "{faults:?}");
    Ok(())
}

#[test]
fn cargo_does_not_guess() {
    let question = question("start-command");
    for args in ["run --bin threads -- 4", "run -p seg-fault -- 4"] {
        assert!(question.choices.contains(&format!("`cargo {args}`")));
        let mut cargo = Command::new("cargo");
        run(cargo.args(args.split(' ')).current_dir(root())).ended(101);
    }
}

/// A folder with nothing but quizzes.
fn small_lab() -> Result<Folder> {
    let lab = Folder::new()?;
    fs::copy(root().join("Cargo.toml"), lab.path("Cargo.toml"))?;
    let summary = "- [Two](two.md)\n- [No questions](none.md)\n- [One](one.md)\n";
    lab.write("book/src/SUMMARY.md", summary)?;
    let question = |id: &str| {
        format!(
            "[[questions]]\nid = \"{id}\"\ntype = \"MultipleChoice\"\n\
             prompt.prompt = \"Which of {id}?\"\nprompt.distractors = [\"worse\", \"worst\"]\n\
             prompt.answerIndex = 1\nanswer.answer = \"best\"\n\
             context = \"The best of {id} is better.\"\n\n"
        )
    };
    let two = question("apples") + &question("pears");
    lab.write("book/quizzes/two.toml", two)?;
    lab.write("book/quizzes/one.toml", question("plums"))?;
    Ok(lab)
}

fn quiz(lab: &Folder, args: &str, input: &str) -> Result<Ran> {
    lab.write("input", input)?;
    let mut quiz = lab.lab(&format!("quiz {args}"));
    Ok(run(quiz.stdin(File::open(lab.path("input"))?)))
}

/// What is asked and said. The last lines are the score, with these words.
fn asked(lab: &Folder, args: &str, input: &str, score: &[&str]) -> Result<String> {
    let text = quiz(lab, args, input)?.ended(0).stdout;
    for (line, words) in text.lines().rev().zip(score.iter().rev()) {
        let found: Vec<_> = line.split_whitespace().collect();
        assert_eq!(found.join(" "), *words, "{text}");
    }
    Ok(text)
}

#[test]
fn answers_are_remembered() -> Result {
    let lab = small_lab()?;
    // An invalid answer is asked for again, and an empty one skips.
    let text = asked(&lab, "", "4\nbest\n2\n1\n\n", &["two 1/2", "one 0/1"])?;
    for (words, count) in [
        ("Which of apples?", 1),
        ("Your answer, 1 to 3", 5),
        ("\nRight.\n", 1),
        ("Not right. The answer is: best", 1),
        ("The best of apples is better.", 1),
        ("The best of pears is better.", 1),
        ("The best of plums", 0),
    ] {
        assert_eq!(text.matches(words).count(), count, "{words}: {text}");
    }
    // Questions with a right answer are not asked again. The order is that of the chapters.
    let text = asked(&lab, "", "2\n", &["two 2/2", "one 0/1"])?;
    assert_lacks(&text, &["apples"]);
    assert!(text.find("pears") < text.find("plums"), "{text}");
    // Except on request.
    let text = asked(&lab, "two --again", "3\n2\n", &["two 1/2"])?;
    assert_lacks(&text, &["plums"]);
    Ok(())
}

#[test]
fn what_can_t_be_asked() -> Result {
    let lab = small_lab()?;
    let there_are = "there are:\n  two\n  one\n";
    quiz(&lab, "three", "")?.ended(2).reported(&[there_are]);
    let without_id = "[[questions]]\ntype = \"ShortAnswer\"\nprompt.prompt = \"?\"\n\
                      answer.answer = \"!\"\ncontext = \".\"\n";
    let (answers, one) = (".lab-answers.toml", "book/quizzes/one.toml");
    for (file, text, problem) in [
        (answers, "apples = [", "is not a file of answers"),
        (one, "questions = 1", "one.toml is not a file of questions"),
        (one, without_id, "missing field `id`"),
    ] {
        lab.write(file, text)?;
        quiz(&lab, "", "")?.ended(2).reported(&[problem]);
        fs::remove_file(lab.path(file))?;
    }
    Ok(())
}
