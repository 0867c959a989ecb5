import type { ComponentChildren, JSX } from "preact";

// The custom elements of @vscode-elements/elements that the pages use, for JSX.
type Element<P = object> = JSX.HTMLAttributes<HTMLElement> & P & { children?: ComponentChildren };

declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      "vscode-button": Element<{ secondary?: boolean; disabled?: boolean; icon?: string }>;
      "vscode-badge": Element<{ variant?: string }>;
      "vscode-progress-bar": Element<{ indeterminate?: boolean }>;
    }
  }
}
