# Run inside this folder: Rscript generate.R
source("../write.R")
data <- read.csv("data.csv")
stopifnot(all.equal(data[, names(PoliticalDemocracy)], PoliticalDemocracy, check.attributes = FALSE))
blocks <- "ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8"
model <- paste0(blocks, "
dem60 ~ a*ind60
dem65 ~ c*ind60 + b*dem60
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8")
fit <- write_fit(model, data)
write_measurement(fit, blocks, data)
