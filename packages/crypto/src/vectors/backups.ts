import type { BackupContents } from "@claudemesh/protocol";
import { backupKey, sealBackup } from "../backup.ts";
import { backupHeaderBytes, moderateCost } from "../backup-header.ts";
import { toBase64, toHex, utf8 } from "../encoding.ts";
import { jcs } from "../jcs.ts";
import * as at from "../testing/fixtures.ts";
import { seededRandom } from "../testing/seeded-random.ts";

const passphrase = "größer als zwölf";

/** A home with an identity that is in no mesh. */
const contents: BackupContents = {
  v: 1,
  at: at.moment,
  seed: toBase64(seededRandom("identity")(32)),
  generations: [{ mesh: at.mesh, next: 2 }],
  meshes: [],
};

/** One sealed backup, and files that are refused before or after the key is derived. */
export function backupVectors() {
  const file = sealBackup(contents, passphrase, seededRandom("backup"));
  const random = seededRandom("backup");
  const salt = random(16);
  const changed = (offset: number, ...bytes: number[]) => {
    const copy = file.slice();
    copy.set(bytes, offset);
    return toHex(copy);
  };
  return {
    format: "backup",
    cases: [
      {
        name: "a home in no mesh",
        passphrase,
        passphraseHex: toHex(utf8(passphrase.normalize("NFC"))),
        ...moderateCost,
        saltHex: toHex(salt),
        keyHex: toHex(backupKey(passphrase, salt, moderateCost)),
        nonceHex: toHex(random(24)),
        headerHex: toHex(file.subarray(0, backupHeaderBytes)),
        plaintext: jcs(contents),
        fileHex: toHex(file),
      },
    ],
    failures: [
      { name: "nothing", fileHex: "", error: "malformed" },
      { name: "another file", fileHex: toHex(utf8("SQLite format 3")), error: "malformed" },
      { name: "a later version", fileHex: changed(4, 0x32), error: "upgrade_required" },
      { name: "another derivation", fileHex: changed(5, 2), error: "upgrade_required" },
      { name: "two passes", fileHex: changed(9, 2), error: "malformed" },
      {
        name: "four times the most memory",
        fileHex: changed(10, 0, 0x40, 0, 0),
        error: "malformed",
      },
      { name: "cut in the header", fileHex: toHex(file.subarray(0, 30)), error: "malformed" },
      { name: "cut at the end", fileHex: toHex(file.subarray(0, -1)), error: "malformed" },
      { name: "one byte more", fileHex: `${toHex(file)}00`, error: "malformed" },
    ],
    unopened: [
      { name: "another passphrase", fileHex: toHex(file), passphrase: "kleiner als zwölf" },
      { name: "more passes than it was sealed with", fileHex: changed(9, 4), passphrase },
      { name: "a changed byte", fileHex: changed(file.length - 1, 0), passphrase },
    ],
  };
}
