import { chmod, link, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { OptimizerError } from "#protocol/failure";
import { ioReason } from "../workspace/warning.js";

let serial = 0;

/** Writes a file so that a reader, a crash or a full disk finds the old content or the new, never a part. Links stay links. */
export async function writeAtomically(file: string, content: string | Uint8Array): Promise<void> {
  const target = await realpath(file).catch(() => file);
  await viaTemporary(target, content, async (temporary) => {
    const mode = (await stat(target).catch(() => undefined))?.mode;
    if (mode !== undefined) await chmod(temporary, mode & 0o7777);
    await rename(temporary, target);
  });
}

/** Writes a file that must not exist yet, whole or not at all. */
export async function writeNew(file: string, content: string): Promise<void> {
  // A hard link fails where the name is taken; a rename would replace what stands there.
  await viaTemporary(file, content, (temporary) => link(temporary, file).then(() => rm(temporary)));
}

async function viaTemporary(target: string, content: string | Uint8Array, place: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.${serial++}.tmp`);
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await place(temporary);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const taken = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new OptimizerError({
      kind: "usage",
      message: `${target} cannot be written: ${taken ? "it exists already" : ioReason(error)}.`,
      advice: taken ? "Move it away, or choose another name." : "Choose another place, or mend its permissions.",
    });
  }
}
