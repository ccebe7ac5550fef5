//! What hosts take: their documented limits, in one table (as of November 2026).

use serde::Serialize;

use crate::config::{Host, Plan};
use crate::site::header_rules;

/// What a host takes. `None`: nothing is documented, and the disk or the bill is the limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// What the host is called.
    pub name: &'static str,
    /// Files of a site.
    pub files: Option<u64>,
    /// Files in one folder.
    pub folder_files: Option<u64>,
    /// Bytes of a site.
    pub size: Option<u64>,
    /// Bytes of a file.
    pub file_size: Option<u64>,
    /// Rules of `_headers`.
    pub header_rules: Option<u64>,
    /// Files from which deployments have been seen to get stuck, though no limit is documented.
    pub files_seen_to_fail: Option<u64>,
    /// Whether the host sends the headers of the site, from `_headers` or a configuration of its own.
    pub sends_headers: bool,
}

const MIB: u64 = 1 << 20;

/// What a host takes from who pays it, or does not.
pub fn limits(host: Host, plan: Plan) -> Limits {
    match host {
        // A deployment may take ten minutes, and files get ten minutes in caches, whatever the site says.
        Host::GithubPages => Limits {
            name: "GitHub Pages",
            size: Some(1_000_000_000),
            files_seen_to_fail: Some(70_000),
            ..Limits::default()
        },
        Host::Branch => Limits {
            name: "a Git branch",
            file_size: Some(100 * MIB),
            files_seen_to_fail: Some(70_000),
            ..Limits::default()
        },
        Host::CloudflarePages => Limits {
            name: "Cloudflare Pages",
            files: Some(match plan {
                Plan::Free => 20_000,
                Plan::Paid => 100_000,
            }),
            file_size: Some(25 * MIB),
            header_rules: Some(100),
            sends_headers: true,
            ..Limits::default()
        },
        Host::Netlify => Limits {
            name: "Netlify",
            folder_files: Some(54_000),
            sends_headers: true,
            ..Limits::default()
        },
        // What one upload may bring; objects themselves may be larger.
        Host::S3 => Limits {
            name: "S3",
            file_size: Some(5 << 30),
            ..Limits::default()
        },
        Host::Nginx => Limits {
            name: "nginx",
            sends_headers: true,
            ..Limits::default()
        },
        Host::Caddy => Limits {
            name: "Caddy",
            sends_headers: true,
            ..Limits::default()
        },
    }
}

/// A host as `deploy.host` of the configuration names it.
pub fn host_key(host: Host) -> &'static str {
    match host {
        Host::GithubPages => "github-pages",
        Host::S3 => "s3",
        Host::Branch => "branch",
        Host::CloudflarePages => "cloudflare-pages",
        Host::Netlify => "netlify",
        Host::Nginx => "nginx",
        Host::Caddy => "caddy",
    }
}

/// How large a site is, in what hosts count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Extent {
    pub files: u64,
    /// Bytes.
    pub size: u64,
    /// The largest file, with its bytes.
    pub largest: Option<(String, u64)>,
    /// The folder with the most files, with their number.
    pub fullest: Option<(String, u64)>,
}

impl Extent {
    /// Of files with their bytes.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, u64)>) -> Self {
        let mut extent = Self::default();
        let mut folders = std::collections::BTreeMap::<&str, u64>::new();
        for (path, size) in files {
            extent.files += 1;
            extent.size += size;
            if extent.largest.as_ref().is_none_or(|(_, most)| size > *most) {
                extent.largest = Some((path.to_owned(), size));
            }
            // Folders count too in the folder they are in; here each file stands in one of its own or among many.
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            *folders.entry(folder).or_default() += 1;
            if let Some((parent, _)) = folder.rsplit_once('/')
                && folders[folder] == 1
            {
                *folders.entry(parent).or_default() += 1;
            }
        }
        extent.fullest = folders
            .into_iter()
            .max_by_key(|(_, files)| *files)
            .map(|(folder, files)| (folder.to_owned(), files));
        extent
    }
}

/// Something that a host does not take, or may not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Excess {
    /// What there is and what the host takes.
    pub reason: String,
    /// What to do about it.
    pub way_out: String,
    /// Whether the host refuses it; otherwise it has been seen to fail.
    pub refused: bool,
}

/// What of a site is more than a host takes.
pub fn excesses(host: Host, plan: Plan, extent: &Extent) -> Vec<Excess> {
    let limits = limits(host, plan);
    let name = limits.name;
    let mut excesses = Vec::new();
    let mut refuse = |reason: String, way_out: &str| {
        excesses.push(Excess {
            reason,
            way_out: way_out.into(),
            refused: true,
        });
    };
    const ELSEWHERE: &str = "publish to a bucket (deploy.host = \"s3\") or on a server of your own (nginx, caddy), which have no such limit";
    if let Some(most) = limits.files.filter(|most| extent.files > *most) {
        let way_out = match (host, plan) {
            (Host::CloudflarePages, Plan::Free) if extent.files <= 100_000 => {
                "take a paid plan, which has 100000, and set deploy.plan = \"paid\"; or narrow site.departements, or publish to a bucket (deploy.host = \"s3\")".to_owned()
            }
            _ => format!("narrow site.departements, empty build.precompress, or {ELSEWHERE}"),
        };
        refuse(
            format!(
                "{name} takes {most} files, and the site has {}",
                extent.files
            ),
            &way_out,
        );
    }
    if let (Some(most), Some((folder, files))) = (limits.folder_files, &extent.fullest)
        && *files > most
    {
        refuse(
            format!("{name} takes {most} files in one folder, and {folder}/ has {files}"),
            &format!("narrow site.departements, empty build.precompress, or {ELSEWHERE}"),
        );
    }
    if let Some(most) = limits.size.filter(|most| extent.size > *most) {
        refuse(
            format!(
                "{name} takes {} MB, and the site has {} MB",
                most / 1_000_000,
                extent.size.div_ceil(1_000_000)
            ),
            &format!("narrow site.departements, empty build.precompress, or {ELSEWHERE}"),
        );
    }
    if let (Some(most), Some((path, size))) = (limits.file_size, &extent.largest)
        && *size > most
    {
        refuse(
            format!("{name} takes files of up to {most} bytes, and {path} has {size}"),
            "make it smaller in templates/, or publish on a server of your own (nginx, caddy)",
        );
    }
    let rules = header_rules().len() as u64;
    if let Some(most) = limits.header_rules.filter(|most| rules > *most) {
        refuse(
            format!("{name} takes {most} rules in _headers, and the site has {rules}"),
            "publish on a server of your own (nginx, caddy)",
        );
    }
    if let Some(most) = limits
        .files_seen_to_fail
        .filter(|most| extent.files >= *most)
    {
        excesses.push(Excess {
            reason: format!(
                "the site has {} files; deployments to {name} have been seen to get stuck from some {most} on",
                extent.files
            ),
            way_out: format!("watch the first deployment; where it gets stuck, {ELSEWHERE}"),
            refused: false,
        });
    }
    excesses
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(files: u64, size: u64) -> Extent {
        Extent {
            files,
            size,
            largest: Some(("sitemap.xml".into(), size / files)),
            fullest: Some(("ville".into(), files / 2)),
        }
    }

    #[test]
    fn each_limit_is_told_with_its_way_out() {
        let national = extent(70_100, 650_000_000);
        let told = |host, plan, extent: &Extent| {
            excesses(host, plan, extent)
                .into_iter()
                .map(|excess| (excess.reason, excess.way_out, excess.refused))
                .collect::<Vec<_>>()
        };
        let cloudflare = told(Host::CloudflarePages, Plan::Free, &national);
        assert_eq!(cloudflare.len(), 1);
        assert_eq!(
            cloudflare[0].0,
            "Cloudflare Pages takes 20000 files, and the site has 70100"
        );
        assert!(cloudflare[0].1.contains("deploy.plan = \"paid\"") && cloudflare[0].2);
        assert!(told(Host::CloudflarePages, Plan::Paid, &national).is_empty());
        let github = told(Host::GithubPages, Plan::Free, &national);
        assert!(github.len() == 1 && !github[0].2, "{github:?}");
        for (host, extent) in [
            (Host::GithubPages, extent(1_000, 1_000_000_001)),
            (Host::Netlify, extent(120_000, 1)),
            (Host::CloudflarePages, extent(1, 30 * MIB)),
            (Host::Branch, extent(1, 101 * MIB)),
        ] {
            let told = told(host, Plan::Free, &extent);
            assert!(told.len() == 1 && told[0].2, "{host:?} {told:?}");
        }
        for host in [Host::Nginx, Host::Caddy, Host::S3] {
            assert!(told(host, Plan::Free, &national).is_empty());
        }
    }

    #[test]
    fn hosts_are_called_as_in_the_configuration() {
        for host in [
            Host::GithubPages,
            Host::S3,
            Host::Branch,
            Host::CloudflarePages,
            Host::Netlify,
            Host::Nginx,
            Host::Caddy,
        ] {
            assert_eq!(serde_json::to_value(host).unwrap(), host_key(host));
        }
    }

    #[test]
    fn a_folder_of_folders_is_counted() {
        let pages: Vec<_> = (0..7).map(|n| format!("ville/{n}/index.html")).collect();
        let mut files: Vec<_> = pages.iter().map(|path| (path.as_str(), 10)).collect();
        files.extend([("index.html", 30), ("data/a.json", 5), ("data/b.json", 5)]);
        let extent = Extent::of(files);
        assert_eq!((extent.files, extent.size), (10, 110));
        assert_eq!(extent.largest, Some(("index.html".into(), 30)));
        assert_eq!(extent.fullest, Some(("ville".into(), 7)));
    }
}
