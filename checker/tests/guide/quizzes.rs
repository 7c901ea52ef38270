//! The quizzes: every answer has its reason, and is true; asking them.

use crate::text::{pages, read, root};
use checker::mistakes::mistakes;
use checker::quiz::{Question, quizzes};
use checker::{Build, Workspace};
use engine::{Kind, Observed, Run};
use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

fn all_questions() -> Vec<Question> {
    let workspace = Workspace::locate();
    let quizzes = quizzes(&workspace).expect("quizzes");
    quizzes
        .into_iter()
        .flat_map(|quiz| quiz.questions)
        .collect()
}

#[track_caller]
fn question(id: &str) -> Question {
    let found = all_questions()
        .into_iter()
        .find(|question| question.id == id);
    found.unwrap_or_else(|| panic!("no question {id}"))
}

#[test]
fn each_chapter_has_questions_of_its_own() {
    let quizzes = quizzes(&Workspace::locate()).expect("quizzes");
    for page in pages() {
        let chapter = page.file_stem().and_then(|stem| stem.to_str());
        let chapter = chapter.expect("a name");
        // Lists and explanations for teachers.
        const WITHOUT: [&str; 7] = [
            "SUMMARY",
            "engine",
            "figures",
            "glossary",
            "jail",
            "schedules",
            "verdicts",
        ];
        if WITHOUT.contains(&chapter) {
            continue;
        }
        let quiz = quizzes.iter().find(|quiz| quiz.chapter == chapter);
        assert!(quiz.expect(chapter).questions.len() >= 2, "{chapter}");
        let include = format!("{{{{#quiz ../quizzes/{chapter}.toml}}}}");
        assert!(read(&page).contains(&include), "{chapter}");
    }
    let ids: BTreeSet<String> = all_questions().into_iter().map(|q| q.id).collect();
    assert_eq!(ids.len(), all_questions().len());
}

/// The pages of the guide show them with mdbook-quiz.
#[test]
fn mdbook_quiz_can_read_them() {
    for quiz in quizzes(&Workspace::locate()).expect("quizzes") {
        let file = root().join(format!("book/quizzes/{}.toml", quiz.chapter));
        let shown: mdbook_quiz_schema::Quiz = toml::from_str(&read(&file)).expect(&quiz.chapter);
        assert_eq!(shown.questions.len(), quiz.questions.len());
    }
}

#[test]
fn each_wrong_answer_has_its_reason() {
    for question in all_questions() {
        let reasons: Vec<&str> = question
            .explanation
            .lines()
            .filter_map(|line| line.strip_prefix("- "))
            .collect();
        for choice in &question.choices {
            let has_reason = reasons.iter().any(|reason| {
                let reason = reason.strip_prefix(choice.as_str());
                reason.is_some_and(|reason| reason.starts_with(": "))
            });
            assert_eq!(has_reason, *choice != question.answer, "{choice}");
        }
        assert!(reasons.len() >= 2, "{}", question.id);
        assert!(!question.explanation.starts_with("- "), "{}", question.id);
    }
}

fn program(package: &str, binary: &str) -> PathBuf {
    let workspace = Workspace::locate();
    let built = Build::package(&workspace, package, &[binary]).run();
    built.expect("a program").programs[binary].clone()
}

fn observe(package: &str, binary: &str, args: &[&str]) -> Observed {
    let run = Run::new(program(package, binary)).args(args);
    run.observe().expect("it can be traced")
}

#[track_caller]
fn is_the_answer(id: &str, fact: &str) {
    let question = question(id);
    assert!(question.is_right(fact), "{fact}: {question:#?}");
}

#[test]
fn the_faulty_child_has_the_status_11() {
    let observed = observe("seg-fault", "processes-solution", &["4", "--len", "1000"]);
    let statuses: Vec<i32> = observed
        .created(Kind::Process)
        .filter_map(|(_, task)| task.ended.map(|(_, status)| status))
        .collect();
    assert_eq!(statuses.len(), 4);
    is_the_answer("safety-status", &statuses[2].to_string());
    assert_eq!((statuses[0], statuses[1], statuses[3]), (0, 0, 0));
}

#[test]
fn an_exit_status_is_in_the_second_byte() {
    let status = Command::new("sh").args(["-c", "exit 3"]).status();
    let status = status.expect("a shell").into_raw();
    is_the_answer("safety-exited", &status.to_string());
}

#[test]
fn a_command_line_without_a_number() {
    let output = Command::new(program("sum-array", "threads")).output();
    let status = output.expect("a program").status.code().expect("an end");
    is_the_answer("start-exit-status", &status.to_string());
}

#[test]
fn cargo_does_not_guess() {
    let wrong = [
        "`cargo run --bin threads -- 4`",
        "`cargo run -p seg-fault -- 4`",
    ];
    let question = question("start-command");
    for command in wrong {
        assert!(question.choices.iter().any(|choice| choice == command));
        let words: Vec<&str> = command.trim_matches('`').split(' ').skip(1).collect();
        let output = Command::new("cargo")
            .args(words)
            .current_dir(root())
            .output();
        assert_eq!(output.expect("cargo").status.code(), Some(101), "{command}");
    }
}

#[test]
fn to_sleep_is_not_to_wait() {
    let workspace = Workspace::locate();
    let mistakes = mistakes(&workspace).expect("mistakes");
    let mistake = mistakes
        .iter()
        .find(|mistake| mistake.name == "sleep-instead-of-join");
    let verdict = &mistake.expect("a mistake").expected;
    is_the_answer("waiting-sleep", &format!("`{verdict}`"));
}

/// The corrupting process has a page fault for each page of the array, and a few more.
#[test]
fn as_many_page_faults_as_pages() {
    let observed = observe(
        "memory-corruption",
        "processes",
        &["1", "corrupt", "--pages", "small"],
    );
    let faults: Vec<u64> = observed
        .created(Kind::Process)
        .filter_map(|(_, task)| task.minor_faults)
        .collect();
    let [_, corrupting] = faults.as_slice() else {
        panic!("{faults:?}");
    };
    let pages: u64 = question("memory-pages").answer.parse().expect("a number");
    assert!((pages..pages + 100).contains(corrupting), "{faults:?}");
}

#[test]
fn an_exercise_that_does_not_exist() {
    let output = Command::new(env!("CARGO_BIN_EXE_lab"))
        .args(["check", "wait-for-you"])
        .output();
    let status = output.expect("the checker").status.code().expect("an end");
    is_the_answer("teachers-exit-status", &status.to_string());
}

/// A folder with nothing but quizzes.
struct Lab(TempDir);

impl Lab {
    fn new() -> Result<Self, Box<dyn Error>> {
        let folder = TempDir::new()?;
        fs::create_dir_all(folder.path().join("book/src"))?;
        fs::create_dir_all(folder.path().join("book/quizzes"))?;
        fs::copy(root().join("Cargo.toml"), folder.path().join("Cargo.toml"))?;
        let summary = "- [Two](two.md)\n- [No questions](none.md)\n- [One](one.md)\n";
        fs::write(folder.path().join("book/src/SUMMARY.md"), summary)?;
        let question = |id: &str| {
            format!(
                "[[questions]]\nid = \"{id}\"\ntype = \"MultipleChoice\"\n\
                 prompt.prompt = \"Which of {id}?\"\nprompt.distractors = [\"worse\", \"worst\"]\n\
                 prompt.answerIndex = 1\nanswer.answer = \"best\"\n\
                 context = \"The best of {id} is better.\"\n\n"
            )
        };
        let quiz =
            |name: &str, text| fs::write(folder.path().join("book/quizzes").join(name), text);
        quiz("two.toml", question("apples") + &question("pears"))?;
        quiz("one.toml", question("plums"))?;
        Ok(Self(folder))
    }

    fn quiz(&self, args: &[&str], input: &str) -> Result<Output, Box<dyn Error>> {
        let mut lab = Command::new(env!("CARGO_BIN_EXE_lab"))
            .arg("quiz")
            .args(args)
            .env("CARGO_MANIFEST_DIR", self.0.path().join("checker"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        // It may end before it has read everything.
        let _ = lab
            .stdin
            .take()
            .ok_or("no input")?
            .write_all(input.as_bytes());
        Ok(lab.wait_with_output()?)
    }

    fn asked(&self, args: &[&str], input: &str) -> Result<String, Box<dyn Error>> {
        let output = self.quiz(args, input)?;
        assert!(output.status.success(), "{output:?}");
        Ok(String::from_utf8(output.stdout)?)
    }
}

#[test]
fn answers_are_remembered() -> Result<(), Box<dyn Error>> {
    let lab = Lab::new()?;
    // An invalid answer is asked for again, and an empty one skips.
    let text = lab.asked(&[], "4\nbest\n2\n1\n\n")?;
    assert_eq!(text.matches("Which of apples?").count(), 1, "{text}");
    assert_eq!(text.matches("Your answer, 1 to 3").count(), 5, "{text}");
    assert_eq!(text.matches("\nRight.\n").count(), 1, "{text}");
    assert!(text.contains("Not right. The answer is: best"), "{text}");
    assert!(text.contains("The best of apples is better."), "{text}");
    assert!(text.contains("The best of pears is better."), "{text}");
    assert!(!text.contains("The best of plums"), "{text}");
    let score = |text: &str, lines: &[&str]| {
        let words: Vec<String> = text
            .lines()
            .rev()
            .take(lines.len())
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        let words: Vec<&str> = words.iter().rev().map(String::as_str).collect();
        assert_eq!(words, lines, "{text}");
    };
    score(&text, &["two 1/2", "one 0/1"]);

    // Questions with a right answer are not asked again. The order is that of the chapters.
    let text = lab.asked(&[], "2\n")?;
    assert!(!text.contains("apples"), "{text}");
    assert!(text.find("pears") < text.find("plums"), "{text}");
    score(&text, &["two 2/2", "one 0/1"]);

    // Except on request.
    let text = lab.asked(&["two", "--again"], "3\n2\n")?;
    assert!(!text.contains("plums"), "{text}");
    score(&text, &["two 1/2"]);
    Ok(())
}

#[test]
fn what_can_t_be_asked() -> Result<(), Box<dyn Error>> {
    let lab = Lab::new()?;
    let fails = |args: &[&str], message: &str| -> Result<(), Box<dyn Error>> {
        let output = lab.quiz(args, "")?;
        let stderr = String::from_utf8(output.stderr)?;
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(message), "{stderr}");
        Ok(())
    };
    fails(&["three"], "there are:\n  two\n  one\n")?;
    let answers = lab.0.path().join(".lab-answers.toml");
    fs::write(&answers, "apples = [")?;
    fails(&[], ".lab-answers.toml is not a file of answers")?;
    fs::remove_file(&answers)?;
    let quiz = lab.0.path().join("book/quizzes/one.toml");
    fs::write(&quiz, "questions = 1")?;
    fails(&[], "one.toml is not a file of questions")?;
    let without_id = "[[questions]]\ntype = \"ShortAnswer\"\nprompt.prompt = \"?\"\n\
                      answer.answer = \"!\"\ncontext = \".\"\n";
    fs::write(&quiz, without_id)?;
    fails(&[], "missing field `id`")?;
    Ok(())
}
