interface ButtonProps {
  readonly icon: string;
  readonly label: string;
  readonly onPress: () => void;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  /** Only the icon where the panel is narrow. */
  readonly shrinks?: boolean;
}

/** `vscode-button` presses itself on Enter and Space and tells it as a click. */
export function Button({ icon, label, onPress, primary, disabled, shrinks }: ButtonProps) {
  return (
    <vscode-button
      icon={icon}
      secondary={!primary}
      disabled={disabled ?? false}
      aria-label={label}
      title={label}
      class={shrinks ? "shrinks" : ""}
      onClick={() => {
        if (!disabled) onPress();
      }}
    >
      <span class="button-label">{label}</span>
    </vscode-button>
  );
}
