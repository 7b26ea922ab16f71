// The page as text, for the server: the first screen stands before any script runs.

import { renderToString } from "preact-render-to-string";
import type { FirstState } from "../types";
import { Page } from "./page";

export const renderPage = (state: FirstState): string => renderToString(<Page state={state} />);
