// What becomes of photos on the built zips, on one running pipeline.

import { sharePipeline } from "../common-pipeline";

sharePipeline(80);

require("./photos/pictures");
require("./photos/order");
require("./photos/starts-nothing");
require("./photos/failures");
require("./photos/corrupt-photo");
