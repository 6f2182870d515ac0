# Run inside this folder, after prepare.py: Rscript generate.R
source("../write.R")
data <- read.csv("data.csv")
read_model <- function(name) paste(readLines(file.path(name, "model.txt")), collapse = "\n")
for (name in c("second_order", "direct", "correlated")) fit <- write_fit(read_model(name), data, name)
# listwise, as the fits
items <- lavNames(fit, "ov")
write_measurement(fit, read_model("correlated"), data[complete.cases(data[, items]), ], "correlated")
