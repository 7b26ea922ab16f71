// What somebody sees who opens the console before it has something to show.

/** Comes back by itself every second. */
export const STARTING_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="1">
<title>profile-image console</title>
</head>
<body>
<p>The embedded AWS is starting …</p>
</body>
</html>
`;
