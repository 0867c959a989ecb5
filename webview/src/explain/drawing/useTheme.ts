import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { codiconsReady } from "../../common/codicons.js";
import { onThemeChange, readTheme, type DrawingTheme } from "./theme.js";

/** The theme, anew whenever the user takes another one, and when the icons' letters have arrived. */
export function useTheme(host: RefObject<HTMLElement | null>): DrawingTheme | undefined {
  const [theme, setTheme] = useState<DrawingTheme | undefined>(undefined);
  useEffect(() => {
    const read = () => host.current && setTheme(readTheme(host.current));
    read();
    let gone = false;
    codiconsReady().then(
      () => !gone && read(),
      (error: unknown) => console.error("The icons could not be loaded; the cards are shown without them.", error),
    );
    const stop = onThemeChange(read);
    return () => {
      gone = true;
      stop();
    };
  }, []);
  return theme;
}
