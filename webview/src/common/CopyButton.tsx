import { useEffect, useState } from "preact/hooks";
import { Button } from "./Button.js";
import { post } from "./host.js";

interface CopyProps {
  readonly text: string;
  readonly what: string;
  readonly label: string;
  /** For small places: the label is only heard, and seen as a tooltip. */
  readonly iconOnly?: boolean;
}

/** Copies through the host, because a web view's own clipboard depends on focus; says so for two seconds. */
export function CopyButton({ text, what, label, iconOnly }: CopyProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <Button
        bare={iconOnly ?? false}
        icon={copied ? "check" : "copy"}
        label={copied ? "Copied" : label}
        onPress={() => {
          post({ type: "copy", text, what });
          setCopied(true);
        }}
      />
      <span class="visually-hidden" role="status">
        {copied ? `${what} copied` : ""}
      </span>
    </>
  );
}
