//! A workflow of GitHub Actions, run here: its `run:` steps as they stand in the file, in their order, in the
//! environment that a runner gives; its `uses:` steps by what they do.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde::Deserialize;
use serde_json::Value;

use super::expression::{Names, fill, holds};

/// A workflow: jobs, of which the last one needs all others.
#[derive(Debug, Deserialize)]
pub struct Workflow {
    pub concurrency: Concurrency,
    jobs: BTreeMap<String, Job>,
}

/// What of a group runs at a time: one, and one waits.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub struct Concurrency {
    pub group: String,
    pub cancel_in_progress: bool,
}

#[derive(Debug, Deserialize)]
pub struct Job {
    #[serde(default)]
    needs: Value,
    #[serde(rename = "if")]
    condition: Option<String>,
    pub concurrency: Option<Concurrency>,
    pub permissions: BTreeMap<String, String>,
    #[serde(default)]
    outputs: BTreeMap<String, String>,
    pub steps: Vec<Step>,
}

impl Job {
    /// How many jobs come before.
    fn needed(&self) -> usize {
        match &self.needs {
            Value::Array(needed) => needed.len(),
            Value::Null => 0,
            _ => 1,
        }
    }
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
    /// Makes a machine for a job of this name: its workspace, and `RUNNER_TEMP`.
    pub machine: &'a dyn Fn(&str) -> [PathBuf; 2],
    /// `GITHUB_*` and what the machine sets, `PATH` among it.
    pub environment: BTreeMap<String, String>,
    pub inputs: BTreeMap<String, Value>,
    pub secrets: BTreeMap<String, String>,
    pub token: String,
    /// Does what the action of a step does in a workspace; the second is what its `with:` says. What it puts out; nothing
    /// when it fails.
    pub action: &'a Action<'a>,
    /// Called with the name and the workspace of each job that ends well.
    pub ended: &'a dyn Fn(&str, &Path),
    /// The runner of the last job dies before this step, counted from 0.
    pub cut: Option<usize>,
}

/// Does what an action does.
pub type Action<'a> = dyn Fn(&str, &BTreeMap<String, String>, &Path) -> Option<Outputs> + 'a;

/// What a step or a job puts out.
pub type Outputs = BTreeMap<String, String>;

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
    steps: BTreeMap<String, (&'static str, Outputs)>,
    /// The outputs of the jobs before.
    needs: &'a BTreeMap<String, Outputs>,
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
            ["needs", job, "outputs", name] => {
                text(self.needs.get(job).and_then(|outputs| outputs.get(name)))
            }
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

    /// Its jobs with their names, each after those that it needs.
    pub fn jobs(&self) -> Vec<(&str, &Job)> {
        let mut jobs: Vec<_> = self
            .jobs
            .iter()
            .map(|(name, job)| (name.as_str(), job))
            .collect();
        jobs.sort_by_key(|(_, job)| job.needed());
        jobs
    }

    /// The steps of its last job.
    pub fn steps(&self) -> &[Step] {
        &self.jobs().last().unwrap().1.steps
    }

    /// Where the step of a title stands.
    #[track_caller]
    pub fn position(&self, title: &str) -> usize {
        let found = self.steps().iter().position(|step| step.title() == title);
        found.unwrap_or_else(|| panic!("no step {title}"))
    }

    /// Runs the jobs.
    pub fn run(&self, run: &Run<'_>) -> Outcome {
        let mut outcome = Outcome {
            conclusion: "success",
            steps: Vec::new(),
            summary: String::new(),
            time: Duration::ZERO,
        };
        let started = Instant::now();
        let mut needs = BTreeMap::new();
        let jobs = self.jobs();
        for (place, (name, job)) in jobs.iter().enumerate() {
            let before = Progress {
                run,
                failed: outcome.conclusion != "success",
                steps: BTreeMap::new(),
                needs: &needs,
            };
            if !holds(job.condition.as_deref(), &before) {
                continue;
            }
            let cut = run.cut.filter(|_| place + 1 == jobs.len());
            let outputs = job.run(run, name, cut, &needs, &mut outcome);
            needs.insert((*name).to_owned(), outputs);
        }
        outcome.time = started.elapsed();
        outcome
    }
}

impl Job {
    fn run(
        &self,
        run: &Run<'_>,
        name: &str,
        cut: Option<usize>,
        needs: &BTreeMap<String, Outputs>,
        outcome: &mut Outcome,
    ) -> Outputs {
        let mut progress = Progress {
            run,
            failed: false,
            steps: BTreeMap::new(),
            needs,
        };
        let [workspace, temporary] = (run.machine)(name);
        let summary = temporary.join("summary.md");
        fs::write(&summary, "").unwrap();
        let mut path = run.environment["PATH"].clone();
        let mut lost = false;
        for (number, step) in self.steps.iter().enumerate() {
            if cut == Some(number) {
                lost = true;
                break;
            }
            let started = Instant::now();
            let (mut ended, mut log, mut outputs) = ("skipped", String::new(), Outputs::new());
            if holds(step.condition.as_deref(), &progress) {
                let ran = match (&step.uses, &step.run) {
                    (Some(uses), None) => {
                        let name = uses.split('@').next().unwrap();
                        let filled = |(name, value): (&String, &Value)| {
                            let text = super::expression::text_of(value);
                            (name.clone(), fill(&text, &progress))
                        };
                        let with = step.with.iter().map(filled).collect();
                        let put_out = (run.action)(name, &with, &workspace);
                        outputs = put_out.clone().unwrap_or_default();
                        put_out.is_some()
                    }
                    (None, Some(script)) => {
                        let shell = Shell {
                            run,
                            workspace: &workspace,
                            temporary: &temporary,
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
                ended = if ran { "success" } else { "failure" };
                progress.failed |= !ran && !step.continue_on_error;
            }
            if let Some(id) = &step.id {
                progress.steps.insert(id.clone(), (ended, outputs));
            }
            outcome.steps.push(Done {
                title: step.title(),
                outcome: ended,
                log,
                time: started.elapsed(),
            });
        }
        match (lost, progress.failed) {
            (true, _) => outcome.conclusion = "lost",
            (_, true) => outcome.conclusion = "failure",
            _ => (run.ended)(name, &workspace),
        }
        outcome.summary += &fs::read_to_string(&summary).unwrap();
        let outputs = self.outputs.iter();
        outputs
            .map(|(name, value)| (name.clone(), fill(value, &progress)))
            .collect()
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
    workspace: &'a Path,
    temporary: &'a Path,
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
            let path = self.temporary.join(format!("{}-{name}", self.number));
            fs::write(&path, text).unwrap();
            path
        };
        let (output, added) = (file("output", ""), file("path", ""));
        let mut command = Command::new("bash");
        command
            .arg("-e")
            .arg(file("script.sh", script))
            .current_dir(self.workspace)
            .env_clear()
            .envs(&self.run.environment)
            .env("GITHUB_WORKSPACE", self.workspace)
            .env("PATH", &*path)
            .env("GITHUB_OUTPUT", &output)
            .env("GITHUB_PATH", &added)
            .env("GITHUB_STEP_SUMMARY", self.summary)
            .env("RUNNER_TEMP", self.temporary)
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
