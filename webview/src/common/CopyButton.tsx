import { useEffect, useState } from "preact/hooks";
import { Button } from "./Button.js";
import { post } from "./host.js";

/** Copies through the host, because a web view's own clipboard depends on focus; says so for two seconds. */
export function CopyButton({ text, what, label }: { text: string; what: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <Button
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
