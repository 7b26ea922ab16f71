process.env.SYNTHESIZED_STACK="/work/console/cdktf.out/stacks/profile-image";
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED="true";
import { startConsole } from "./test/console/console-harness";
import { chromium } from "playwright-core";
import { readFileSync } from "node:fs";
(async()=>{
 const t=await startConsole();
 const b=await chromium.launch({executablePath:"/usr/bin/chromium",args:["--no-sandbox","--disable-gpu","--disable-quic"]});
 const shots: any[]=[];
 const page=await b.newPage({viewport:{width:1280,height:900}});
 page.on("console",m=>console.log("page:",m.text())); page.on("pageerror",e=>console.log("pageerror",e)); page.on("requestfailed",r=>console.log("failed",r.url(),r.failure()?.errorText));
 page.on("response",r=>{ if(r.status()>=400) console.log(r.status(),r.url());});
 await page.goto(t.console.url);
 const names=["maverick","iceman","goose","merlin","viper"];
 for (const [i,n] of names.entries()) {
  await page.locator(`[data-profile="${i+1}"] input[type=file]`).setInputFiles(`/work/console/samples/${n}.jpg`);
  await page.waitForTimeout(1200);
 }
 await page.locator(`[data-profile="5"] input[type=file]`).setInputFiles({name:"broken.jpg",mimeType:"image/jpeg",buffer:Buffer.from("no image")});
 await page.waitForTimeout(1500);
 await page.screenshot({path:"/tmp/c-1280-failed.png",fullPage:true});
 await page.locator("[data-fault=tinypng-429]").click();
 const rows=page.locator(".photos button"); await rows.nth(1).click();
 await page.waitForTimeout(300);
 await page.locator("[data-action=UpdateItem] summary").click();
 await page.locator("[data-action=Invoke] summary").first().click();
 await page.waitForTimeout(500);
 await page.screenshot({path:"/tmp/c-1280.png",fullPage:true});
 for (const [w,scheme] of [[360,"light"],[360,"dark"],[1280,"dark"]] as const) {
  const p=await b.newPage({viewport:{width:w,height:800},colorScheme:scheme});
  await p.goto(t.console.url); await p.waitForTimeout(600);
  console.log(w, scheme, "scrollWidth", await p.evaluate("document.documentElement.scrollWidth"));
  await p.screenshot({path:`/tmp/c-${w}-${scheme}.png`,fullPage:true});
 }
 await b.close(); console.log(t.bugs); await t.close();
})();
