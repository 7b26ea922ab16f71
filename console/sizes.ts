// How much of everything the page shows at once: whatever there is, a page of it.

export const PROFILES_SHOWN = 12;
export const PHOTOS_SHOWN = 8;
export const FAILURES_SHOWN = 10;
/** The most that anybody may ask for at once. */
export const LARGEST_PAGE = 100;
