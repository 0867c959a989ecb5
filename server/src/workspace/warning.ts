/** One line for the user about something that was left out or guessed, and why. */
export interface Warning {
  readonly file?: string;
  readonly message: string;
}

/** The system's reason in a person's words; Node's own messages repeat the path and the call. */
export function ioReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  switch (code) {
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ENOENT":
      return "it does not exist";
    case "ELOOP":
      return "its symbolic links form a circle";
    case "EMFILE":
    case "ENFILE":
      return "too many files are open";
    case "EISDIR":
      return "it is a folder";
    case "ENOSPC":
      return "the disk is full";
    case "EROFS":
      return "the file system is read-only";
    default:
      return code ?? (error instanceof Error ? error.message : String(error));
  }
}
