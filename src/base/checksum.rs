//! Checksums as other programs tell them.

use std::io::{self, Read};

use md5::Digest;

/// The hash of all that a reader gives, in hexadecimal.
///
/// # Errors
/// When it cannot be read to its end.
pub fn hexadecimal(mut hasher: impl Digest, mut input: impl Read) -> io::Result<String> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = input.read(&mut buffer)?;
        if length == 0 {
            let hash = hasher.finalize();
            return Ok(hash.iter().map(|byte| format!("{byte:02x}")).collect());
        }
        hasher.update(&buffer[..length]);
    }
}
