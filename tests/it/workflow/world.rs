//! All that a workflow meets: the repository, upstream, GitHub, the internet, a cache. They last from one run to the next;
//! the machine of a run does not.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::Value;
use tempfile::TempDir;

use super::actions::{Outcome, Outputs, Run, Workflow};
use super::github::{GitHub, REPOSITORY, TOKEN};
use super::internet::{Internet, SECRETS};
use super::repository::Repository;
use crate::market::Release;
use crate::server::Server;
use crate::source::bench::gzip;
use crate::support::tree;

/// The files of a folder or a site, by their paths.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What the configuration says of the CDN and of whom to tell.
const AROUND: &str = "[cdn]\nprovider = \"cloudflare\"\nretry_wait = 0.02\n[cdn.cloudflare]\napi = \"CDN/client/v4\"\nzone = \"023e105f4ecef8ad9ca31a8372d0c353\"\n[[notify]]\nid = \"webhook\"\nkind = \"mattermost\"\nurl_env = \"IMMOSTATS_WEBHOOK_URL\"\n";

/// The programs that the steps call: each call is noted with its arguments.
const PROGRAMS: [&str; 10] = [
    "base64",
    "curl",
    "cut",
    "find",
    "git",
    "jq",
    "mv",
    "sha256sum",
    "stat",
    "tar",
];

/// What is around the runs.
pub struct World {
    folder: TempDir,
    pub repository: Repository,
    pub upstream: Server,
    pub github: GitHub,
    pub internet: Internet,
    /// The entry of actions/cache for the state.
    cache: Mutex<Option<Files>>,
    /// Its entries for the program, by their keys.
    programs: Mutex<BTreeMap<String, Files>>,
    /// What upload-pages-artifact keeps for deploy-pages, by the name.
    artifacts: Mutex<BTreeMap<String, Files>>,
    /// Whether GitHub Pages refuses the next deployment.
    pub pages_fail: Mutex<bool>,
    runs: Mutex<u32>,
}

/// What lasts of a world, but what is upstream.
pub struct Saved {
    assets: super::github::State,
    online: Files,
    cache: Option<Files>,
}

/// How a run is started.
#[derive(Default)]
pub struct Start {
    pub inputs: Value,
    /// Which attempt it is of the run before; 0 for a run of its own.
    pub attempt: u32,
    /// The runner dies before this step.
    pub cut: Option<usize>,
    /// What time it is; the present when it is none.
    pub clock: Option<&'static str>,
}

impl World {
    /// A repository that publishes the Guyane on GitHub Pages, behind a CDN, and tells of it.
    pub fn new() -> Self {
        Self::with("")
    }

    /// The same, published as `deploy` says.
    pub fn with(deploy: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (upstream, internet) = (Server::start(), Internet::start());
        let configuration = format!(
            "[site]\naddress = \"{}\"\ndepartements = [\"973\"]\n[fetch]\napi = \"{}\"\nallow_private_addresses = true\nretries = 1\nretry_wait = 0.02\n[[sources]]\nid = \"dvf\"\nkind = \"geo-dvf\"\ndataset = \"{}\"\nresources = [\"DVF {{year}}\"]\nscope = \"973\"\n{deploy}\n{}",
            internet.site,
            upstream.url("/api/1"),
            crate::server::DATASET,
            AROUND.replace("CDN", &internet.cdn),
        );
        let world = Self {
            repository: Repository::new(folder.path(), &configuration),
            folder,
            upstream,
            github: GitHub::start(),
            internet,
            cache: Mutex::default(),
            programs: Mutex::default(),
            artifacts: Mutex::default(),
            pages_fail: Mutex::default(),
            runs: Mutex::default(),
        };
        world.equip();
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts the programs of the steps on a path of their own, where each notes its arguments. `cargo` builds nothing:
    /// what it leaves is the program under test.
    fn equip(&self) {
        let calls = self.path("calls");
        let tool = |name: &str, script: String| {
            let path = self.path("tools").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, format!("#!/bin/bash\n{script}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        };
        let note = |name: &str| format!("echo \"{name} $*\" >> '{}'", calls.display());
        for name in PROGRAMS {
            let real = ["/usr/local/bin", "/usr/bin", "/bin"]
                .map(|folder| Path::new(folder).join(name))
                .into_iter()
                .find(|path| path.exists())
                .unwrap_or_else(|| panic!("{name} is not installed"));
            tool(
                name,
                format!("{}\nexec {} \"$@\"", note(name), real.display()),
            );
        }
        let program = format!(
            "#!/bin/bash\n{}\nexec '{}' \"$@\"",
            note("immostats"),
            env!("CARGO_BIN_EXE_immostats")
        );
        let built = format!(
            "{}\nmkdir -p target/release\ncat > target/release/immostats <<'END'\n{program}\nEND\nchmod +x target/release/immostats",
            note("cargo")
        );
        tool("cargo", built);
    }

    /// The calls of programs since the last time, with their arguments.
    pub fn calls(&self) -> Vec<String> {
        let path = self.path("calls");
        let calls = fs::read_to_string(&path).unwrap_or_default();
        fs::write(&path, "").unwrap();
        calls.lines().map(str::to_owned).collect()
    }

    /// Publishes files of sales upstream, a year each.
    pub fn release(&self, files: &[(&str, &Release)]) {
        let mut resources = Vec::new();
        for (year, release) in files {
            let path = format!("/geo-dvf/{year}/full.csv.gz");
            self.upstream.file(&path, gzip(release.text().as_bytes()));
            resources.push(self.upstream.resource(
                &format!("DVF {year}"),
                &path,
                "2026-10-20T08:00:00+00:00",
            ));
        }
        self.upstream.dataset(&resources);
    }

    /// `version.json` as visitors get it; null when there is none.
    pub fn versions(&self) -> Value {
        let online = self.internet.online();
        let file = online.get("version.json");
        file.map_or(Value::Null, |bytes| serde_json::from_slice(bytes).unwrap())
    }

    /// The pages that are online, but the files that tell of a run.
    pub fn pages(&self) -> Files {
        let mut files = self.internet.online();
        files.retain(|path, _| {
            let of_runs = ["version.json", "api/health.json"].contains(&path.as_str());
            !(of_runs || path.starts_with("admin/") || path.starts_with("archive/"))
        });
        files
    }

    /// Runs a workflow, each job on a machine of its own.
    pub fn run(&self, workflow: &str, start: &Start) -> Outcome {
        let machines = tempfile::tempdir().unwrap();
        let machine = |job: &str| {
            let folders = ["work", "temp"].map(|name| machines.path().join(job).join(name));
            for folder in &folders {
                fs::create_dir_all(folder).unwrap();
            }
            folders
        };
        let home = machines.path().join("home");
        fs::create_dir_all(&home).unwrap();
        let number = {
            let mut runs = self.runs.lock().unwrap();
            if start.attempt == 0 {
                *runs += 1;
                self.artifacts.lock().unwrap().clear();
            }
            *runs
        };
        let environment = [
            (
                "PATH",
                format!(
                    "{}:/usr/local/bin:/usr/bin:/bin",
                    self.path("tools").display()
                ),
            ),
            ("HOME", home.display().to_string()),
            ("LANG", "C.UTF-8".into()),
            ("CI", "true".into()),
            ("GITHUB_ACTIONS", "true".into()),
            ("GITHUB_API_URL", self.github.address.clone()),
            ("GITHUB_SERVER_URL", self.repository.server()),
            ("GITHUB_REPOSITORY", REPOSITORY.into()),
            ("GITHUB_RUN_ID", number.to_string()),
            ("GITHUB_RUN_ATTEMPT", start.attempt.max(1).to_string()),
        ];
        let clock = start.clock.map(|time| ("IMMOSTATS_CLOCK", time.to_owned()));
        let mut secrets: BTreeMap<String, String> = SECRETS
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        let webhook = secrets.get_mut("IMMOSTATS_WEBHOOK_URL").unwrap();
        *webhook = format!("{}/{webhook}", self.internet.webhook);
        let inputs = start.inputs.as_object().cloned().unwrap_or_default();
        let workflow = Workflow::load(workflow);
        let last = workflow.jobs().last().unwrap().0.to_owned();
        let outcome = workflow.run(&Run {
            machine: &machine,
            environment: environment
                .into_iter()
                .chain(clock)
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            inputs: inputs.into_iter().collect(),
            secrets,
            token: TOKEN.into(),
            action: &|name, with, workspace| self.act(name, with, workspace),
            ended: &|_, workspace| self.keep_cache(workspace),
            cut: start.cut,
        });
        self.assert_discreet(&outcome, &machine(&last)[0]);
        outcome
    }

    /// What actions/cache does at the end of a job.
    fn keep_cache(&self, workspace: &Path) {
        if workspace.join(".state").exists() {
            *self.cache.lock().unwrap() = Some(tree(&workspace.join(".state")));
        }
        if let Ok(key) = fs::read_to_string(workspace.join(".key")) {
            let program = tree(&workspace.join("program"));
            self.programs.lock().unwrap().insert(key, program);
        }
    }

    /// What the actions do.
    fn act(
        &self,
        name: &str,
        with: &BTreeMap<String, String>,
        workspace: &Path,
    ) -> Option<Outputs> {
        let put = |files: &Files| {
            for (path, bytes) in files {
                let file = workspace.join(&with["path"]).join(path);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(&file, bytes).unwrap();
                fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
            }
        };
        match name {
            "actions/checkout" => {
                assert_eq!(with["persist-credentials"], "false");
                self.repository.check_out(workspace);
            }
            "dtolnay/rust-toolchain" => {}
            "actions/cache" if with["path"] == "program" => {
                let known = self.programs.lock().unwrap().get(&with["key"]).cloned();
                if known.is_none() && with.contains_key("fail-on-cache-miss") {
                    return None;
                }
                // Kept at the end of the job under its key.
                fs::write(workspace.join(".key"), &with["key"]).unwrap();
                put(&known.clone().unwrap_or_default());
                let hit = ("cache-hit".to_owned(), known.is_some().to_string());
                return Some([hit].into());
            }
            "actions/cache" => {
                assert!(with["key"].starts_with(&with["restore-keys"]));
                put(self.cache.lock().unwrap().as_ref().unwrap_or(&Files::new()));
            }
            "actions/upload-pages-artifact" => {
                let mut files = tree(&workspace.join(&with["path"]));
                files.retain(|path, _| !path.split('/').any(|part| part.starts_with('.')));
                let mut artifacts = self.artifacts.lock().unwrap();
                // A name is given once in a run, whatever the attempt.
                let known = artifacts.insert(with["name"].clone(), files);
                assert!(known.is_none(), "{} is there already", with["name"]);
            }
            "actions/deploy-pages" => {
                let artifacts = self.artifacts.lock().unwrap();
                let files = artifacts[&with["artifact_name"]].clone();
                if std::mem::take(&mut *self.pages_fail.lock().unwrap()) {
                    return None;
                }
                self.internet.put(files);
            }
            _ => panic!("{name} is no action that this runner knows"),
        }
        Some(Outputs::new())
    }

    /// All that lasts, as it is now.
    pub fn save(&self) -> Saved {
        Saved {
            assets: self.github.save(),
            online: self.internet.online(),
            cache: self.cache.lock().unwrap().clone(),
        }
    }

    /// Goes back to what was saved. What was purged and told is forgotten.
    pub fn reset(&self, saved: &Saved) {
        self.github.reset(&saved.assets);
        self.internet.put(saved.online.clone());
        *self.cache.lock().unwrap() = saved.cache.clone();
        self.artifacts.lock().unwrap().clear();
        self.internet.forget();
    }

    /// A byte of what the cache holds is another.
    pub fn alter_cache(&self) {
        for bytes in self
            .cache
            .lock()
            .unwrap()
            .iter_mut()
            .flat_map(Files::values_mut)
        {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        }
    }

    /// The cache drops what was not used for a week.
    pub fn drop_cache(&self) {
        *self.cache.lock().unwrap() = None;
    }

    /// No secret is in what the run printed, its summary, the arguments of any process, the project's files or what is
    /// online.
    #[track_caller]
    fn assert_discreet(&self, outcome: &Outcome, workspace: &Path) {
        let secrets: Vec<_> = SECRETS
            .iter()
            .map(|(_, secret)| *secret)
            .chain([TOKEN])
            .collect();
        let look = |place: &str, bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            for secret in &secrets {
                assert!(!text.contains(secret), "{secret} is in {place}");
            }
        };
        look("the log", outcome.log().as_bytes());
        look("the summary", outcome.summary.as_bytes());
        look(
            "an argument",
            &fs::read(self.path("calls")).unwrap_or_default(),
        );
        for (path, bytes) in tree(workspace) {
            if !path.starts_with(".git/") && !path.starts_with("target/") {
                look(&path, &bytes);
            }
        }
        for (path, bytes) in &self.internet.online() {
            look(path, bytes);
        }
    }
}
