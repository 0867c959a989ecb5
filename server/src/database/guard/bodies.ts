import type { Mentions } from "./mentions.js";
import type { Reach, ReachedObject } from "./reach.js";

interface Body {
  readonly object: ReachedObject;
  readonly mentions: readonly Mentions[];
  /** The search_path that the function sets for itself. */
  readonly ownPath: string | undefined;
  readonly readAlong: Set<string>;
}

/**
 * Bodies that are kept as text mean something else along each search path: a function without a path of its own is read along that of
 * whichever function calls it, and "$user" is whoever a SECURITY DEFINER function runs as. So each body is read along all paths that occur.
 */
export class Bodies {
  private readonly bodies: Body[] = [];
  private readonly paths: Set<string>;
  private readonly definers = new Set<string>();

  constructor(
    private readonly reach: Reach,
    sessionPath: string,
  ) {
    this.paths = new Set([sessionPath]);
  }

  /** Any function that is run changes path and role for those that it calls. */
  async addSurroundings(ownPath: string | undefined, definer: string | undefined): Promise<void> {
    const before = this.paths.size + this.definers.size;
    if (ownPath !== undefined) this.paths.add(ownPath);
    if (definer !== undefined) this.definers.add(definer);
    if (this.paths.size + this.definers.size > before) for (const body of this.bodies) await this.read(body);
  }

  async add(object: ReachedObject, mentions: readonly Mentions[], ownPath: string | undefined): Promise<void> {
    const body = { object, mentions, ownPath, readAlong: new Set<string>() };
    this.bodies.push(body);
    await this.read(body);
  }

  private async read({ object, mentions, ownPath, readAlong }: Body): Promise<void> {
    for (const path of ownPath === undefined ? this.paths : [ownPath])
      for (const variant of this.variants(path)) {
        if (readAlong.has(variant)) continue;
        readAlong.add(variant);
        for (const each of mentions) await this.reach.addNames(each, variant, object);
      }
  }

  private variants(path: string): string[] {
    const user = /"?\$user"?/g;
    const quoted = (role: string) => `"${role.replaceAll('"', '""')}"`;
    return user.test(path) ? [path, ...[...this.definers].map((role) => path.replaceAll(user, () => quoted(role)))] : [path];
  }
}
