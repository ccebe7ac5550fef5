//! A workflow of GitHub Actions, run here: its `run:` steps as they stand in the file, in their order, in the
//! environment that a runner gives; its `uses:` steps by what they do.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde::Deserialize;
use serde_json::Value;

use super::expression::{Names, fill, holds};

/// A workflow of one job.
#[derive(Debug, Deserialize)]
pub struct Workflow {
    jobs: BTreeMap<String, Job>,
}

#[derive(Debug, Deserialize)]
struct Job {
    steps: Vec<Step>,
}

/// A step, as the file has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Step {
    pub name: Option<String>,
    id: Option<String>,
    #[serde(rename = "if")]
    condition: Option<String>,
    pub uses: Option<String>,
    #[serde(default)]
    with: BTreeMap<String, Value>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    run: Option<String>,
    #[serde(default)]
    continue_on_error: bool,
}

impl Step {
    /// Its name, or what stands in its place.
    pub fn title(&self) -> String {
        let first = |text: &String| text.lines().next().unwrap().to_owned();
        let action = |uses: &String| uses.split('@').next().unwrap().to_owned();
        self.name
            .clone()
            .or(self.uses.as_ref().map(action))
            .or(self.run.as_ref().map(first))
            .unwrap()
    }
}

/// What a runner gives to all steps of a run.
pub struct Run<'a> {
    pub workspace: &'a Path,
    /// `RUNNER_TEMP`.
    pub temporary: &'a Path,
    /// `GITHUB_*` and what the machine sets, `PATH` among it.
    pub environment: BTreeMap<String, String>,
    pub inputs: BTreeMap<String, Value>,
    pub secrets: BTreeMap<String, String>,
    pub token: String,
    /// Does what the action of a step does; the second is what its `with:` says. False when it fails.
    pub action: &'a dyn Fn(&str, &BTreeMap<String, String>) -> bool,
    /// The runner dies before this step, counted from 0.
    pub cut: Option<usize>,
}

/// How a run went.
#[derive(Debug)]
pub struct Outcome {
    /// `success`, `failure`, or `lost` when the runner died.
    pub conclusion: &'static str,
    pub steps: Vec<Done>,
    pub summary: String,
    pub time: Duration,
}

/// A step that was looked at.
#[derive(Debug)]
pub struct Done {
    pub title: String,
    /// `success`, `failure` or `skipped`.
    pub outcome: &'static str,
    pub log: String,
    pub time: Duration,
}

impl Outcome {
    /// The titles of the steps that ran.
    pub fn ran(&self) -> Vec<&str> {
        let ran = self.steps.iter().filter(|step| step.outcome != "skipped");
        ran.map(|step| step.title.as_str()).collect()
    }

    /// The step of a title.
    #[track_caller]
    pub fn step(&self, title: &str) -> &Done {
        let found = self.steps.iter().find(|step| step.title == title);
        found.unwrap_or_else(|| panic!("no step {title}"))
    }

    /// All that was printed.
    pub fn log(&self) -> String {
        let mut log = String::new();
        for step in &self.steps {
            log.push_str(&format!(
                "{} {} ({:.1} s)\n",
                match step.outcome {
                    "success" => "✓",
                    "failure" => "✗",
                    _ => "–",
                },
                step.title,
                step.time.as_secs_f64()
            ));
            for line in step.log.lines() {
                log.push_str(&format!("    {line}\n"));
            }
        }
        log
    }
}

/// What the steps so far have left.
struct Progress<'a> {
    run: &'a Run<'a>,
    failed: bool,
    /// By their ids: the outcome and the outputs.
    steps: BTreeMap<String, (&'static str, BTreeMap<String, String>)>,
}

impl Names for Progress<'_> {
    fn value(&self, path: &str) -> Value {
        let parts: Vec<_> = path.split('.').collect();
        let text = |text: Option<&String>| text.map_or(Value::Null, |text| text.as_str().into());
        match parts[..] {
            ["inputs", name] => self.run.inputs.get(name).cloned().unwrap_or_default(),
            ["secrets", name] => text(self.run.secrets.get(name)),
            ["github", "token"] => self.run.token.as_str().into(),
            ["github", name] => text(
                self.run
                    .environment
                    .get(&format!("GITHUB_{}", name.to_uppercase())),
            ),
            ["job", "status"] => if self.failed { "failure" } else { "success" }.into(),
            ["steps", id, "outcome"] => match self.steps.get(id) {
                Some((outcome, _)) => (*outcome).into(),
                None => Value::Null,
            },
            ["steps", id, "outputs", name] => text(
                self.steps
                    .get(id)
                    .and_then(|(_, outputs)| outputs.get(name)),
            ),
            _ => panic!("{path} is no name that this runner knows"),
        }
    }

    fn status(&self, function: &str) -> bool {
        match function {
            "success" => !self.failed,
            "failure" => self.failed,
            "always" => true,
            "cancelled" => false,
            _ => panic!("{function} is no function that this runner knows"),
        }
    }
}

impl Workflow {
    /// A workflow of the project.
    pub fn load(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(".github/workflows")
            .join(name);
        let text = fs::read_to_string(path).unwrap();
        let document = Yaml::load_from_str(&text).unwrap().remove(0);
        serde_json::from_value(json(&document)).unwrap()
    }

    /// The steps of its only job.
    pub fn steps(&self) -> &[Step] {
        assert_eq!(self.jobs.len(), 1);
        &self.jobs.values().next().unwrap().steps
    }

    /// Where the step of a title stands.
    #[track_caller]
    pub fn position(&self, title: &str) -> usize {
        let found = self.steps().iter().position(|step| step.title() == title);
        found.unwrap_or_else(|| panic!("no step {title}"))
    }

    /// Runs the job.
    pub fn run(&self, run: &Run<'_>) -> Outcome {
        let started = Instant::now();
        let mut progress = Progress {
            run,
            failed: false,
            steps: BTreeMap::new(),
        };
        let summary = run.temporary.join("summary.md");
        fs::write(&summary, "").unwrap();
        let mut path = run.environment["PATH"].clone();
        let mut done = Vec::new();
        let mut lost = false;
        for (number, step) in self.steps().iter().enumerate() {
            if run.cut == Some(number) {
                lost = true;
                break;
            }
            let started = Instant::now();
            let (mut outcome, mut log, mut outputs) = ("skipped", String::new(), BTreeMap::new());
            if holds(step.condition.as_deref(), &progress) {
                let ran = match (&step.uses, &step.run) {
                    (Some(uses), None) => {
                        let name = uses.split('@').next().unwrap();
                        let filled = |(name, value): (&String, &Value)| {
                            let text = super::expression::text_of(value);
                            (name.clone(), fill(&text, &progress))
                        };
                        (run.action)(name, &step.with.iter().map(filled).collect())
                    }
                    (None, Some(script)) => {
                        let shell = Shell {
                            run,
                            summary: &summary,
                            number,
                        };
                        let environment = step
                            .env
                            .iter()
                            .map(|(name, value)| (name.clone(), fill(value, &progress)));
                        let script = fill(script, &progress);
                        shell.execute(&script, environment, &mut path, &mut log, &mut outputs)
                    }
                    _ => panic!("{step:?} neither uses nor runs"),
                };
                outcome = if ran { "success" } else { "failure" };
                progress.failed |= !ran && !step.continue_on_error;
            }
            if let Some(id) = &step.id {
                progress.steps.insert(id.clone(), (outcome, outputs));
            }
            done.push(Done {
                title: step.title(),
                outcome,
                log,
                time: started.elapsed(),
            });
        }
        Outcome {
            conclusion: match (lost, progress.failed) {
                (true, _) => "lost",
                (_, true) => "failure",
                _ => "success",
            },
            steps: done,
            summary: fs::read_to_string(&summary).unwrap(),
            time: started.elapsed(),
        }
    }
}

/// YAML as JSON.
fn json(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(value)) => (*value).into(),
        Yaml::Value(Scalar::Integer(value)) => (*value).into(),
        Yaml::Value(Scalar::String(value)) => value.as_ref().into(),
        Yaml::Sequence(values) => values.iter().map(json).collect(),
        Yaml::Mapping(pairs) => {
            let pairs = pairs.iter();
            let named = pairs.map(|(name, value)| (name.as_str().unwrap().to_owned(), json(value)));
            Value::Object(named.collect())
        }
        other => panic!("{other:?} has no place in a workflow"),
    }
}

/// What runs a script as a runner does.
struct Shell<'a> {
    run: &'a Run<'a>,
    summary: &'a Path,
    number: usize,
}

impl Shell<'_> {
    fn execute(
        &self,
        script: &str,
        environment: impl Iterator<Item = (String, String)>,
        path: &mut String,
        log: &mut String,
        outputs: &mut BTreeMap<String, String>,
    ) -> bool {
        let file = |name: &str, text: &str| {
            let path = self.run.temporary.join(format!("{}-{name}", self.number));
            fs::write(&path, text).unwrap();
            path
        };
        let (output, added) = (file("output", ""), file("path", ""));
        let mut command = Command::new("bash");
        command
            .arg("-e")
            .arg(file("script.sh", script))
            .current_dir(self.run.workspace)
            .env_clear()
            .envs(&self.run.environment)
            .env("PATH", &*path)
            .env("GITHUB_OUTPUT", &output)
            .env("GITHUB_PATH", &added)
            .env("GITHUB_STEP_SUMMARY", self.summary)
            .env("RUNNER_TEMP", self.run.temporary)
            .envs(environment)
            .stdin(Stdio::null());
        let ended = command.output().unwrap();
        log.push_str(&String::from_utf8(ended.stdout).unwrap());
        log.push_str(&String::from_utf8(ended.stderr).unwrap());
        for line in fs::read_to_string(output).unwrap().lines() {
            let (name, value) = line.split_once('=').unwrap();
            outputs.insert(name.to_owned(), value.to_owned());
        }
        for line in fs::read_to_string(added).unwrap().lines() {
            *path = format!("{line}:{path}");
        }
        ended.status.success()
    }
}
