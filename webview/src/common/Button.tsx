interface ButtonProps {
  readonly icon: string;
  readonly label: string;
  readonly onPress: () => void;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  /** Only the icon where the panel is narrow. */
  readonly shrinks?: boolean;
  /** Never more than the icon. */
  readonly bare?: boolean;
}

/** `vscode-button` presses itself on Enter and Space and tells it as a click. */
export function Button({ icon, label, onPress, primary, disabled, shrinks, bare }: ButtonProps) {
  return (
    <vscode-button
      icon={icon}
      secondary={!primary}
      disabled={disabled ?? false}
      aria-label={label}
      title={label}
      class={bare ? "bare" : shrinks ? "shrinks" : ""}
      onClick={() => {
        if (!disabled) onPress();
      }}
    >
      {!bare && <span class="button-label">{label}</span>}
    </vscode-button>
  );
}
