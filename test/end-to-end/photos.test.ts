// What becomes of photos on the built zips, on one running pipeline.

import { sharePipeline } from "../common-pipeline";

sharePipeline(80);

require("./photos/pipeline");
require("./photos/corrupt-photo");
