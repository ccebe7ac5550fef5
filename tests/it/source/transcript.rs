
use super::bench::*;
use crate::server::*;
use std::time::*;
fn show(bench:&Bench, a:&[&str]) { let t=Instant::now(); let r=bench.run(a); println!("$ immostats {}\n{}{}[exit {}; {:.2} s]\n", a.join(" "), r.stdout.replace(bench.project.root().to_str().unwrap(), "."), r.stderr.replace(bench.project.root().to_str().unwrap(), "."), r.code, t.elapsed().as_secs_f64()); }
#[test]
fn transcript() {
    let b = Bench::new();
    let y23 = std::fs::read(crate::support::sample("83137-toulon-2023.csv.gz")).unwrap();
    let y24 = std::fs::read(crate::support::sample("83137-toulon-2024.csv.gz")).unwrap();
    let y25 = std::fs::read(crate::support::sample("83137-toulon-2025-s1.csv.gz")).unwrap();
    b.publish(&[("2023", &y23), ("2024", &y24)]);
    b.ends(0, &["update"]);
    println!("== nothing new"); show(&b,&["check"]); show(&b,&["fetch"]); show(&b,&["update"]);
    println!("== one new year"); b.publish(&[("2023", &y23), ("2024", &y24), ("2025", &y25)]); show(&b,&["check"]); show(&b,&["update","--dry-run"]); show(&b,&["update"]);
    println!("== a refused release"); b.publish(&[("2023", &y23), ("2024", &sales("2024","20")), ("2025", &y25)]);
    let lines = crate::material::extract(crate::material::TOULON_2024, |d| d.ends_with('1') || d.ends_with("12-30"));
    let less = gzip(crate::material::text(&lines).as_bytes());
    b.publish(&[("2023", &y23), ("2024", &less), ("2025", &y25)]);
    show(&b,&["check"]); show(&b,&["update"]); show(&b,&["check"]); 
    b.publish(&[("2023", &y23), ("2024", &y24), ("2025", &y25)]); show(&b,&["update"]);
    println!("== interrupted");
    let more = { let mut l = crate::support::lines(&crate::support::sample("83137-toulon-2025-s1.csv.gz")); l.pop(); gzip((l.join("\n")+"\n").as_bytes()) };
    b.publish(&[("2023", &y23), ("2024", &y24), ("2025", &more)]);
    b.server.fault(&folder("2025"), Fault::Trickle{piece: more.len()/20, pause: Duration::from_millis(100)});
    let mut c = b.command(&["update"]).spawn().unwrap(); std::thread::sleep(Duration::from_millis(1200)); c.kill().unwrap(); let _=c.wait();
    println!("(killed -9 while downloading) {:?}", b.downloads()); b.server.requests();
    show(&b,&["update"]);
    for r in b.server.requests() { println!("{} {} {:?}", r.method, r.target, r.headers.get("range")); }
    println!("{:?}", b.downloads());
}
