# Run inside this folder: Rscript generate.R
source("../write.R")
data <- read.csv("data.csv")
stopifnot(all.equal(data[, paste0("x", 1:9)], HolzingerSwineford1939[, paste0("x", 1:9)], check.attributes = FALSE))
model <- "visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9"
fit <- write_fit(model, data)
write_measurement(fit, model, data)
