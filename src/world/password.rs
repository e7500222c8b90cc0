//! Passwords in, keyed hashes out, and back only the answer whether one fits. The text is never kept.
//!
//! A world's key lies in its snapshot, so these hashes keep passwords out of sight, not out of reach of someone who owns the
//! snapshot: a simulator holds test accounts, and a slow hash would cost it a hundred logins a second.

use super::name::WorldName;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// HMAC-SHA-256 of a password under its world's key. Prints as `PasswordHash`, so no log or journal can show it.
#[derive(Clone, Copy)]
pub struct PasswordHash([u8; 32]);

/// A world's key, already taken in, so that a login costs two compressions. Cloning copies one pointer.
#[derive(Clone)]
pub struct PasswordKey(Arc<Keyed>);

struct Keyed {
    bytes: [u8; 32],
    mac: Hmac<Sha256>,
}

impl PasswordKey {
    /// The key of the world with that seed and name; a world that is forked, renamed or restored keeps the one it has.
    pub fn derive(seed: u64, name: &WorldName) -> Self {
        Self::from_bytes(derive(b"docsim password key 1\0", seed, name))
    }

    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        let mut block = [0; 64]; // HMAC pads a short key with zeros
        block[..32].copy_from_slice(&bytes);
        Self(Arc::new(Keyed { bytes, mac: Hmac::new(&block.into()) }))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0.bytes
    }

    pub fn hash(&self, password: &str) -> PasswordHash {
        let mut mac = self.0.mac.clone();
        mac.update(password.as_bytes());
        PasswordHash(mac.finalize().into_bytes().into())
    }

    pub fn verify(&self, password: &str, hash: &PasswordHash) -> bool {
        self.hash(password) == *hash
    }
}

impl PasswordHash {
    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// For the snapshot only.
    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Takes as long for a near miss as for a far one.
impl PartialEq for PasswordHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for PasswordHash {}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}

impl fmt::Debug for PasswordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordKey")
    }
}

/// 32 bytes that only this purpose, seed and name give.
pub(super) fn derive(purpose: &[u8], seed: u64, name: &WorldName) -> [u8; 32] {
    Sha256::new().chain_update(purpose).chain_update(seed.to_le_bytes()).chain_update(name.as_str()).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u64, name: &str) -> PasswordKey {
        PasswordKey::derive(seed, &WorldName::parse(name).unwrap())
    }

    #[test]
    fn only_the_password_fits() {
        let key = key(1, "default");
        let hash = key.hash("secret1");
        assert!(key.verify("secret1", &hash));
        for wrong in ["", "secret2", "secret1 ", "Secret1"] {
            assert!(!key.verify(wrong, &hash), "{wrong}");
        }
    }

    #[test]
    fn each_world_has_its_own_key() {
        let hash = key(1, "default").hash("secret1");
        assert!(!key(2, "default").verify("secret1", &hash));
        assert!(!key(1, "other").verify("secret1", &hash));
        assert!(key(1, "default").verify("secret1", &hash));
    }

    #[test]
    fn is_hmac_sha_256() {
        // RFC 4231 gives no 32-byte key; this value is from `openssl dgst -sha256 -mac HMAC`, key 00 01 … 1f.
        let mut bytes = [0; 32];
        for (at, byte) in (0..).zip(&mut bytes) {
            *byte = at;
        }
        let hash = PasswordKey::from_bytes(bytes).hash("secret1");
        assert_eq!(
            super::super::snapshot::hex(hash.bytes()),
            "38e7ed78b91921a936e230ea1b9b807dd04245fefb65bba56dcd4d82a784ef89"
        );
    }

    #[test]
    fn is_not_shown() {
        let key = key(1, "default");
        assert_eq!(format!("{:?} {:?}", key, key.hash("secret1")), "PasswordKey PasswordHash");
    }
}
